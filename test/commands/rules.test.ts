import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../src/lib/ui/markdown.ts';
import { plainStyle, type Style } from '../../src/lib/ui/style.ts';
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
  expect(stdout).toMatch(/^security\/alias-traversal +error +a path leads out of the folder/mu);
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
      expect(stdout).toMatch(/^security\/alias-traversal {2}\(error\)\n\nNGINX puts the folder of `alias`/u);
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

describe('pages', () => {
  const pages = readdirSync(`${root}docs/rules`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => readFileSync(`${root}docs/rules/${name}`, 'utf8'));
  const bare = (page: string) => page.replaceAll(/^ {4}.*$/gmu, '');

  test('are laid out in 80 columns without a mark of Markdown, and lose no word', () => {
    for (const page of pages) {
      const shown = renderMarkdown(page, plainStyle, 200);
      for (const line of bare(shown).split('\n'))
        if (line.trim().includes(' ')) expect(line.length).toBeLessThanOrEqual(80);
      expect(bare(shown)).not.toMatch(/^(?:```|#|\||\*\*)|\]\(/mu);
      const words = (text: string) =>
        text
          .replaceAll(/^```.*$|^\|[-|]+$/gmu, ' ')
          .replaceAll(/\]\([^)]*\)/gu, '')
          .match(/[\w$.]+/gu) ?? [];
      expect(words(shown.replaceAll(/^(?:wrong|right)\b.*:$/gmu, ''))).toEqual(words(page));
    }
  });

  test('have headings, code and what is wrong in colours', () => {
    const tagged = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const style = Object.fromEntries(
      ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'].map((name) => [name, tagged(name)]),
    ) as unknown as Style;
    const page =
      '# a/b\n\nSee `gzip` and **this**, [there](x.md), [here](https://x.org).\n\n```nginx bad target=1.28 behind=nlb\ngzip yes;\n```\n\n- one\n  more\n- two\n\n| option | meaning |\n|---|---|\n| `--a` | long |\n';
    expect(renderMarkdown(page, style, 80)).toBe(
      '<bold>a/b</bold>\n\nSee <cyan>gzip</cyan> and <bold>this</bold>, there, here (https://x.org).\n\n' +
        '<red>wrong, NGINX 1.28, behind nlb:</red>\n    gzip yes;\n\n- one more\n- two\n\noption  meaning\n<cyan>--a</cyan>   long',
    );
  });
});

test('--json says which rules have fixes', async () => {
  const { rules } = JSON.parse((await run('--json')).stdout) as { rules: (Listed & { fixable: boolean })[] };
  const fixable = rules.filter((rule) => rule.fixable).map(({ id }) => id);
  expect(fixable).toEqual(expect.arrayContaining(['security/version-disclosure', 'syntax/byte-order-mark']));
  expect(fixable).not.toContain('security/alias-traversal');
});
