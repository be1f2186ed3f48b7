import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSource } from '../../../src/lib/balancer/source.ts';
import { withHook } from '../../../src/lib/init/pre-commit.ts';

const FILE = '.pre-commit-config.yaml';
const reposIn = (text: string): unknown[] =>
  (parseSource(text, FILE).data as { readonly repos: unknown[] }).repos;

test('a file of its own has the hook alone', () => {
  expect(reposIn(withHook(undefined, FILE)!)).toMatchObject([
    { repo: 'local', hooks: [{ id: 'lbctl-lint', entry: 'lbctl lint', files: String.raw`(^|/)lb\.yaml$` }] },
  ]);
});

describe('what stands there', () => {
  const repo = fc.constantFrom(
    '- repo: meta\n  hooks: []',
    '- repo: https://example.com/x # keep\n  rev: v1\n  hooks:\n    - id: a\n      # a remark\n      args: [--b]',
    '-   repo: local\n    hooks:\n    -   id: c',
  );
  const written = fc.tuple(
    fc.constantFrom('', '# head\n', 'fail_fast: true\n'),
    fc.array(repo, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '  ', '    '),
    fc.constantFrom(
      '',
      '\n',
      '\n\n',
      '\n# end\n',
      '\nci: { skip: [a] }\n',
      '\n# about ci\nci:\n  skip: [a]\n',
    ),
  );

  test('stays, to the byte, and the hook comes once', () => {
    fc.assert(
      fc.property(written, ([head, repos, indent, tail]) => {
        const entries = repos.map((text) => text.replaceAll(/^/gmu, indent)).join('\n');
        const before = `${head}repos:\n${entries}${tail}`;
        const after = withHook(before, FILE)!;
        // what is taken out again leaves what was there
        const start = after.indexOf(
          `${indent}- repo: local\n${indent}  hooks:\n${indent}    - id: lbctl-lint`,
        );
        expect(start).toBeGreaterThan(0);
        const end = after.indexOf('lb\\.yaml$\n', start) + 'lb\\.yaml$\n'.length;
        const rest = after.slice(0, start) + after.slice(end);
        expect([before, `${before}\n`]).toContain(rest);
        expect(reposIn(after)).toHaveLength(repos.length + 1);
        expect(withHook(after, FILE)).toBeUndefined();
      }),
    );
  });
});

test.each([
  ['repos: []\n', 'has its repos in brackets'],
  ['repos: [{ repo: meta, hooks: [] }]\n', 'has its repos in brackets'],
  ['ci: {}\n', 'has no list of repos'],
  ['repos: {\n', 'not valid YAML'],
  ['- a\n', 'expected a mapping'],
])('%j is left alone, with the reason', (text, why) => {
  expect(() => withHook(text, FILE)).toThrow(
    expect.objectContaining({
      problems: [expect.objectContaining({ message: expect.stringContaining(why) })],
    }),
  );
});
