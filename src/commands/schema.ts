import { jsonSchema } from '../lib/balancer/json-schema.ts';
import { UserError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import type { Invocation, Outcome } from './command.ts';

const DOCUMENTS: Readonly<Record<string, () => Promise<object> | object>> = {
  'lb.yaml': jsonSchema,
  '.lbctlrc.yaml': async () => (await import('../lib/source/lint-rc.ts')).lintRcJsonSchema(),
};

/** The document is a JSON Schema as it stands, so `--json` changes nothing and no `schemaVersion` is added. */
export async function run({ args, terminal }: Invocation): Promise<Outcome> {
  const [name = 'lb.yaml'] = args;
  const make = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
  if (!make) {
    const close = nearest(name, Object.keys(DOCUMENTS));
    throw new UserError('usage', 'no-such-schema', `there is no schema of ${name}`, {
      hint:
        close === undefined ? `there are ${Object.keys(DOCUMENTS).join(' and ')}` : `did you mean ${close}?`,
    });
  }
  terminal.printDocument(JSON.stringify(await make(), null, 2));
  return 0;
}
