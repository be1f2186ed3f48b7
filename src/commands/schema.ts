import { jsonSchema } from '../lib/balancer/json-schema.ts';
import { UserError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { readSchema } from '../lib/source/package-files.ts';
import { commands } from './registry.ts';
import type { Invocation, Outcome } from './command.ts';

const FILES: Readonly<Record<string, () => Promise<object> | object>> = {
  'lb.yaml': jsonSchema,
  '.lbctlrc.yaml': async () => (await import('../lib/source/linting/lbctlrc.ts')).lintRcJsonSchema(),
};

/** The document is a JSON Schema as it stands, so `--json` changes nothing and no `schemaVersion` is added. */
export async function run({ args, terminal }: Invocation): Promise<Outcome> {
  const name = args.length === 0 ? 'lb.yaml' : args.join(' ');
  const make = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  // a name is one of ours, and never a path
  const text = make
    ? JSON.stringify(await make(), null, 2)
    : /^[a-z -]+$/u.test(name)
      ? readSchema(name.replaceAll(' ', '-'))
      : undefined;
  if (text === undefined) {
    const words = commands.flatMap((spec) =>
      'commands' in spec ? spec.commands.map((inner) => `${spec.name} ${inner.name}`) : [spec.name],
    );
    const close = nearest(name, [...Object.keys(FILES), 'failure', ...words]);
    throw new UserError('usage', 'no-such-schema', `there is no schema of ${name}`, {
      hint:
        close === undefined
          ? `there are ${Object.keys(FILES).join(' and ')}, and one of each command: lbctl schema plan`
          : `did you mean ${close}?`,
    });
  }
  terminal.printDocument(text);
  return 0;
}
