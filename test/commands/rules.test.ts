import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';

const root = new URL('../../', import.meta.url).pathname;
const run = (...args: string[]) => lbctl(['rules', ...args], { cwd: root });

interface Listed {
  readonly id: string;
  readonly severity: string;
  readonly summary: string;
}

test('all rules are listed, in the order of their names, as on their page', async () => {
  const { rules } = JSON.parse((await run('--json')).stdout) as { rules: Listed[] };
  const ids = rules.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted());
  const readme = readFileSync(`${root}docs/rules/README.md`, 'utf8');
  const linked = [...readme.matchAll(/^\| \[([a-z]+\/[a-z0-9-]+)\]/gmu)].map(([, id]) => id);
  expect(linked.toSorted()).toEqual(ids);
  const { stdout } = await run();
  expect(stdout.trim().split('\n')).toHaveLength(rules.length);
  expect(stdout).toMatch(/^security\/alias-traversal +error +a location without a slash/mu);
});

test('--json keeps the form that scripts rely on', async () => {
  const { schemaVersion, rules } = JSON.parse((await run('--json', 'tls/weak-protocols')).stdout) as {
    schemaVersion: number;
    rules: unknown[];
  };
  expect(schemaVersion).toBe(1);
  expect(rules).toEqual([
    {
      id: 'tls/weak-protocols',
      severity: 'warning',
      summary: 'TLS versions that are no longer safe are allowed',
      fixable: true,
      since: '0.1.0',
      url: expect.stringMatching(
        /^https:\/\/unpkg\.com\/lbctl@[\d.]+\/docs\/rules\/tls\/weak-protocols\.md$/u,
      ) as string,
      aliases: ['gixy:weak_ssl_tls', 'nginx-lint:deprecated-ssl-protocol'],
    },
  ]);
});

describe('a page is shown', () => {
  test.each(['security/alias-traversal', 'alias-traversal', 'gixy:alias_traversal', 'alias_traversal'])(
    'for %s',
    async (name) => {
      const { code, stdout } = await run(name);
      expect(code).toBe(0);
      expect(stdout).toContain('# security/alias-traversal\n');
      expect(stdout).toContain('In other linters: gixy:alias_traversal');
    },
  );

  test('for no rule that there is not', async () => {
    expect(await run('alias-traversl')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'error: there is no rule alias-traversl\nhint: did you mean alias-traversal?\n',
    });
  });
});
