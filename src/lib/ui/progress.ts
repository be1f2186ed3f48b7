import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Terminal } from './terminal.ts';

interface ProgressInput {
  /** `--yes`: every question is answered with yes. */
  readonly yes: boolean;
}

/** An `Io` that shows progress on stderr: a spinner on a live terminal, elsewhere one line an event. */
export async function openProgress(terminal: Terminal, { yes }: ProgressInput): Promise<Io> {
  const style = terminal.noteStyle;
  const symbols = {
    done: style.green('✓'),
    failed: style.red('✗'),
    info: style.dim('·'),
    warn: style.yellow('!'),
  };
  const spinner = terminal.live
    ? (await import('ora')).default({ stream: process.stderr, discardStdin: false })
    : undefined;
  return {
    notify({ kind, text }) {
      if (kind === 'start') {
        if (spinner) spinner.start(text);
        else terminal.note(`… ${text}`);
        return;
      }
      const interrupted =
        spinner?.isSpinning === true && (kind === 'info' || kind === 'warn') ? spinner.text : undefined;
      spinner?.stop();
      terminal.note(`${symbols[kind]} ${text}`);
      if (interrupted !== undefined) spinner?.start(interrupted);
    },
    async confirm(question) {
      if (yes) return true;
      if (!terminal.interactive) {
        throw new UserError('usage', 'needs-yes', `there is no terminal to ask: ${question}`, {
          hint: 'pass --yes to answer yes',
        });
      }
      spinner?.stop();
      const { askYesOrNo } = await import('./prompts.ts');
      return askYesOrNo(question);
    },
  };
}
