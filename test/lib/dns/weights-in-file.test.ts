import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSource } from '../../../src/lib/balancer/source.ts';
import { withWeights } from '../../../src/lib/dns/weights-in-file.ts';

const AT = ['dns', 'answers'];
const edit = (text: string, weights: Record<string, number>) =>
  withWeights({ source: parseSource(text, 'lb.yaml'), file: 'lb.yaml' }, AT, weights);

test('edits every form of an answer, and leaves comments and layout', () => {
  const text = `# top
dns:
  answers:
    a: { to: 192.0.2.1, weight: 90 } # a
    b: {to: "192.0.2.2"}
    c: { to: [192.0.2.3, 192.0.2.4], health: false }
    d: 192.0.2.5 # d
    e: [192.0.2.6, 192.0.2.7]
    f:
      to: 192.0.2.8 # f
      weight: 10   # more
    g:
      # first
      to: 192.0.2.9
  ttl: 60
`;
  expect(edit(text, { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 })).toBe(`# top
dns:
  answers:
    a: { to: 192.0.2.1, weight: 1 } # a
    b: {to: "192.0.2.2", weight: 2}
    c: { weight: 3, to: [192.0.2.3, 192.0.2.4], health: false }
    d: { to: 192.0.2.5, weight: 4 } # d
    e: { to: [192.0.2.6, 192.0.2.7], weight: 5 }
    f:
      to: 192.0.2.8 # f
      weight: 6   # more
    g:
      # first
      weight: 7
      to: 192.0.2.9
  ttl: 60
`);
  expect(edit(text, { a: 90 })).toBe(text);
});

test('refuses where something else would change, or nothing is there', () => {
  const shared =
    'dns:\n  answers:\n    a: { to: x.example, weight: &w 5 }\n    b: { to: y.example, weight: *w }\n';
  expect(edit(shared, { a: 1 })).toBeUndefined();
  expect(edit(shared, { b: 1 })).toContain('b: { to: y.example, weight: 1 }');
  expect(edit('dns:\n  answers:\n    a: &a { to: x.example }\n    b: *a\n', { b: 1 })).toBeUndefined();
  expect(edit('dns:\n  answers:\n    a:\n      - 192.0.2.1\n      - 192.0.2.2\n', { a: 1 })).toBeUndefined();
  expect(edit(shared, { c: 1 })).toBeUndefined();
});

const answer = fc.constantFrom(
  '192.0.2.1',
  '"192.0.2.1"',
  '[192.0.2.1, a.example]',
  '{ to: 192.0.2.1 }',
  '{to: a.example, weight: 3}',
  "{ weight: 3, to: 'a.example' }",
  '\n      to: a.example # here\n      weight: 4',
  '\n      weight: 4\n      to: [a.example,\n        b.example]',
  '\n      to: a.example',
);
const end = fc.constantFrom('', ' # said', '\n    # below');

test('whatever stands there, the answers have the weights, and with the old ones in place is what it was', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(answer, end), { minLength: 1, maxLength: 4 }),
      fc.nat(255),
      fc.constantFrom('\n', '\r\n'),
      (answers, weight, newLine) => {
        const lines = answers.map(([words, rest], index) => `    a${index}: ${words}${rest}`);
        const text = ['dns:', '  answers:', ...lines, ''].join('\n').replaceAll('\n', newLine);
        const ids = answers.map((_, index) => `a${index}`);
        const once = edit(text, Object.fromEntries(ids.map((id) => [id, weight])));
        const data = parseSource(once!, 'lb.yaml').data as { dns: { answers: Record<string, unknown> } };
        expect(Object.values(data.dns.answers)).toEqual(ids.map(() => expect.objectContaining({ weight })));
        const comments = (of: string) => of.match(/#.*/gu);
        expect(comments(once!)).toEqual(comments(text));
        const twice = edit(once!, Object.fromEntries(ids.map((id) => [id, 7])));
        expect(edit(twice!, Object.fromEntries(ids.map((id) => [id, weight])))).toBe(once);
      },
    ),
  );
});
