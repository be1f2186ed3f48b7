import { jsonSchema } from '../lib/balancer/json-schema.ts';
import type { Invocation, Outcome } from './command.ts';

/** The document is a JSON Schema as it stands, so `--json` changes nothing and no `schemaVersion` is added. */
export async function run({ terminal }: Invocation): Promise<Outcome> {
  terminal.print(JSON.stringify(jsonSchema(), null, 2));
  return 0;
}
