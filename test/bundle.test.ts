import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Output {
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
  readonly inputs: Readonly<Record<string, unknown>>;
}

const { outputs } = JSON.parse(readFileSync(new URL('../dist/meta.json', import.meta.url), 'utf8')) as {
  outputs: Readonly<Record<string, Output>>;
};

const SDK = /node_modules\/@(?:aws-sdk|smithy)\//u;
/** Our own modules that may bring the SDK along, and what only these need; all others load it when they are asked to, or not at all. */
const CALLERS =
  /^src\/lib\/(?:aws\/|providers\/(?:ec2|lightsail)\/|release\/(?:store\/|transports\/ssm\b)|discovery\/|lockdown\/|render\/cloudformation\/cuts)/u;

/** Chunks that are loaded with one, whatever it does then. */
function loadedWith(chunk: string, seen = new Set<string>()): Set<string> {
  if (seen.has(chunk)) return seen;
  seen.add(chunk);
  for (const { path, kind, external } of outputs[chunk]?.imports ?? [])
    if (kind === 'import-statement' && !external) loadedWith(path, seen);
  return seen;
}

test('the clients of AWS are loaded by what calls AWS alone', () => {
  const scripts = Object.entries(outputs).filter(([path]) => path.endsWith('.js'));
  const wrong = scripts.flatMap(([chunk, { inputs }]) => {
    const own = Object.keys(inputs).filter((path) => path.startsWith('src/') && !CALLERS.test(path));
    const loaded = [...loadedWith(chunk)].flatMap((path) => Object.keys(outputs[path]!.inputs));
    return loaded.some((path) => SDK.test(path)) ? own : [];
  });
  // what they themselves need is shared with others, and comes in chunks without them
  expect(wrong).toEqual([]);
  expect(loadedWith('dist/cli.js').size).toBeGreaterThan(1);
});
