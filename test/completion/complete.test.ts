import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../src/completion/answer.ts';
import { commands } from '../../src/commands/registry.ts';
import { contextNames } from '../../src/lib/nginx/directives/contexts.ts';
import { reporters } from '../../src/lib/lint/reporters/registry.ts';
import { rules } from '../../src/lib/lint/rules/registry.ts';
import { temporaryFolder } from '../support/folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  writeFileSync(
    join(folder, 'lb.yaml'),
    'name: shop\nupstreams:\n  web: [10.0.0.1:80, { address: 10.0.0.2:80 }]\n  api: { servers: 10.0.0.3:80 }\n',
  );
  writeFileSync(join(folder, 'other.yaml'), 'upstreams: { blog: 10.0.0.9:80 }\n');
  writeFileSync(join(folder, 'broken.yaml'), 'upstreams: [\n');
  writeFileSync(join(folder, 'odd.yaml'), 'upstreams: 7\n');
  for (const release of ['1f3a', '77c0'])
    mkdirSync(join(folder, '.lbctl/shop/releases', release), { recursive: true });
  symlinkSync('releases/77c0', join(folder, '.lbctl/shop/current'));
});

/** What is completed at the end of a line, without what it means. */
async function words(line: string, env: Record<string, string> = {}): Promise<string[]> {
  const given = await answer(line.split(' ').slice(1), folder, env);
  return given
    .split('\n')
    .slice(0, -1)
    .map((one) => one.split('\t')[0]!);
}

test('commands come first, with what they do', async () => {
  const given = await answer([''], folder, {});
  for (const { name, summary } of commands) expect(given).toContain(`${name}\t${summary}\n`);
});

test.each([
  ['lbctl pl', ['plan']],
  ['lbctl -', ['--help', '--version']],
  ['lbctl pool dr', ['drain']],
  ['lbctl pool -', ['--help']],
  ['lbctl nothing x', []],
  ['lbctl pool nothing x', []],
  ['lbctl rules --js', ['--json']],
  ['lbctl plan --json --js', []],
  ['lbctl dns plan --simple 192.0.2.1 --sim', ['--simple']],
  ['lbctl plan -- --js', []],
  [
    'lbctl schema --json --debug --no-color --help ',
    [
      'lb.yaml',
      '.lbctlrc.yaml',
      'failure',
      ...commands.map(({ name }) => name).filter((name) => name !== 'schema'),
    ],
  ],
  ['lbctl schema pool undr', ['undrain']],
  ['lbctl schema plan ', []],
  ['lbctl init --provider ', ['local', 'ssh', 'lightsail', 'ec2']],
  ['lbctl init --https=', ['none', 'acme', 'acm', 'files']],
  ['lbctl init --dns-policy la', ['latency']],
  ['lbctl generate --target c', ['cloudformation']],
  ['lbctl schema lb.yaml lb', []],
  ['lbctl lint --format ', Object.keys(reporters)],
  ['lbctl lint --format=ju', ['junit']],
  ['lbctl lint --severity "w', ['warning']],
  ['lbctl lint --context ', contextNames()],
  ['lbctl lint ', [':files']],
  ['lbctl lint a.conf b', [':files']],
  ['lbctl lint --changed ', [':files']],
  ['lbctl plan --file ', [':files']],
  ['lbctl plan --file=x', [':files']],
  ['lbctl generate --out ', [':folders']],
  ['lbctl help exit', ['exit-codes']],
  ['lbctl help pool undr', ['undrain']],
  ['lbctl help pool drain ', []],
  ['lbctl help lb.yaml routes.time', ['routes.timeout']],
  ['lbctl pool list ', ['web', 'api']],
  ['lbctl pool drain ', ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80']],
  ['lbctl pool drain --upstream api ', ['10.0.0.3:80']],
  ['lbctl pool remove web ', ['10.0.0.1:80', '10.0.0.2:80']],
  ['lbctl pool list -f other.yaml ', ['blog']],
  ['lbctl pool list --file=other.yaml ', ['blog']],
  ['lbctl pool list --file broken.yaml ', []],
  ['lbctl pool list --file odd.yaml ', []],
  ['lbctl pool list --file missing.yaml ', []],
  ['lbctl diff 1f3a ', ['77c0']],
  ['lbctl rules reliability/lost-h', ['reliability/lost-headers']],
  ['lbctl rules lost-h', ['lost-headers']],
  ['lbctl lint --only style,lost-h', ['style,lost-headers']],
])('%j is gone on with by %j', async (line, expected) => {
  expect(await words(line)).toEqual(expected);
});

test('LBCTL_FILE names the file, and every rule and release is there', async () => {
  expect(await words('lbctl pool list ', { LBCTL_FILE: 'other.yaml' })).toEqual(['blog']);
  const known = await words('lbctl rules ');
  for (const { id } of rules) expect(known).toContain(id);
  expect((await words('lbctl rollback ')).toSorted()).toEqual(['1f3a', '77c0']);
  expect(await answer(['rollback', '77'], folder, {})).toBe('77c0\tthe current one\n');
});

describe('every command', () => {
  const all = commands.flatMap((spec) =>
    'commands' in spec
      ? spec.commands.map((inner) => ({ path: [spec.name, inner.name], spec: inner }))
      : [{ path: [spec.name], spec }],
  );

  test.each(all)('$path is completed with all its options', async ({ path, spec }) => {
    const given = await words(['lbctl', ...path, '--'].join(' '));
    for (const { flags } of spec.options) expect(given).toContain(/--[a-z-]+/u.exec(flags)![0]);
  });

  test('whatever is typed, what comes back begins as it does, and nothing fails', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        'pool',
        'drain',
        'lint',
        'help',
        '--file',
        '--format=',
        '--',
        '-',
        '"',
        'lb.yaml',
        '--only',
        'a,b',
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 5 }), async (line) => {
        const typed = line
          .at(-1)!
          .replace(/^["']/u, '')
          .replace(/^--[a-z-]+=/u, '');
        const given = await answer(line, folder, {});
        const known = given.split('\n').filter((one) => one !== '' && !one.startsWith(':'));
        expect(known.filter((one) => !one.startsWith(typed))).toEqual([]);
      }),
    );
  });
});
