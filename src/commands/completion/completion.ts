import bash from './bash.sh';
import fish from './fish.sh';
import zsh from './zsh.sh';
import { UserError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import type { Invocation, Outcome } from '../command.ts';

const SCRIPTS: Readonly<Record<string, string>> = { bash, zsh, fish };

/** `--json`: `{schemaVersion, shell, script}`. */
export async function run({ args, terminal }: Invocation): Promise<Outcome> {
  const [shell = ''] = args;
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) {
    const close = nearest(shell, Object.keys(SCRIPTS));
    throw new UserError('usage', 'no-such-shell', `there is no completion for ${shell}`, {
      hint:
        close === undefined
          ? `there is one for ${Object.keys(SCRIPTS).join(', ')}`
          : `did you mean ${close}?`,
    });
  }
  if (terminal.json) terminal.printJson({ shell, script });
  else terminal.printDocument(script);
  return 0;
}
