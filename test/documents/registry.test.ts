import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { validator } from '@exodus/schemasafe';
import { commands } from '../../src/commands/registry.ts';
import { documents } from '../../src/documents/registry.ts';
import { run } from '../../src/commands/schema.ts';
import { assertDocument, faultIn } from '../support/documents.ts';

const names = commands
  .flatMap((spec) =>
    'commands' in spec ? spec.commands.map(({ name }) => `${spec.name} ${name}`) : [spec.name],
  )
  .filter((name) => name !== 'schema');

test('there is a schema of what every command prints, and of all that fail', () => {
  expect(Object.keys(documents).toSorted()).toEqual([...names, 'failure', 'help'].toSorted());
});

test.each(['failure', 'help', ...names])('that of %s is published, and one that validators take', (name) => {
  const file = new URL(`../../schemas/${name.replaceAll(' ', '-')}.json`, import.meta.url);
  const { $schema, title, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(title).toContain(name === 'failure' ? 'failed' : `lbctl ${name}`);
  expect(schema).toEqual(JSON.parse(JSON.stringify(documents[name])));
  const check = validator({ $schema, ...schema } as never, {
    mode: 'default',
    requireStringValidation: false,
    allowUnusedKeywords: false,
  });
  // later releases may have keys that this one does not know
  const sample = { schemaVersion: 1, error: { code: 'a', message: 'b' }, later: true };
  expect(check(sample)).toBe(name === 'failure');
});

test('no schema is published that is of nothing', () => {
  const files = readdirSync(new URL('../../schemas', import.meta.url));
  expect(files.length).toBe(Object.keys(documents).length);
});

test('a document with a key too many, or too few, does not fit', () => {
  const fits = { schemaVersion: 1, shell: 'bash', script: '' };
  expect(faultIn('completion', fits)).toBeUndefined();
  expect(faultIn('completion', { ...fits, more: 1 })).toContain('additionalProperties');
  expect(faultIn('completion', { schemaVersion: 1, shell: 'bash' })).toContain('required');
  expect(faultIn('completion', { ...fits, schemaVersion: 2 })).toContain('const');
  expect(faultIn('nothing', fits)).toContain('no schema');
  const failed = { schemaVersion: 1, error: { code: 'a', message: 'b' } };
  assertDocument(['pool', 'list', '--json'], JSON.stringify({ ...failed, name: 'shop' }));
  expect(() => assertDocument(['pool', 'list', '--json'], JSON.stringify({ ...failed, odd: 1 }))).toThrow(
    'odd',
  );
  expect(() => assertDocument(['completion', 'bash', '--json'], '{}')).toThrow('completion');
});

test('lbctl schema reads no other files', async () => {
  const printed = run({ args: ['../package'], terminal: {} } as never);
  await expect(printed).rejects.toMatchObject({ code: 'no-such-schema' });
});
