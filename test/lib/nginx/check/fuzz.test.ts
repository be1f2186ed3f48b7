import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lint } from '../../../../src/library.ts';
import { contextNames } from '../../../../src/lib/nginx/directives/contexts.ts';
import { directiveNames } from '../../../../src/lib/nginx/directives/knowledge.ts';
import { mutate } from '../../../differential/mutate.ts';
import { seeded } from '../../../differential/random.ts';
import { corpus } from '../../../support/corpus.ts';

/** Words that the checks look into, right ones and wrong ones. */
const WORD = fc.oneof(
  fc.constantFrom(...directiveNames()),
  fc.constantFrom(
    'on',
    'off',
    '$host',
    '$',
    '${',
    '${x}',
    '~(',
    '~^a',
    '=',
    '(',
    ')',
    '"',
    "'",
    '[::]:80',
    'unix:/s',
  ),
  fc.constantFrom(
    'zone=a:1m',
    'zone=',
    '*.a.b',
    '10.0.0.0/8',
    '1-2',
    '1.2.3.4-1.2.3.5',
    '50%',
    '*',
    '\\',
    '-1',
    '1m',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

const TEXT = fc
  .array(fc.oneof(WORD, fc.constantFrom(';', ';\n', ' {', '}', '\n', ' ')), { maxLength: 60 })
  .map((pieces) => pieces.join(' '));

test('whatever the text, it is judged and every finding lies in it', () => {
  fc.assert(
    fc.property(TEXT, fc.constantFrom(undefined, ...contextNames()), fc.boolean(), (text, context, plus) => {
      const lines = text.split('\n');
      const findings = lint(text, { plus, ...(context === undefined ? {} : { context }) });
      for (const { line, column, endLine, endColumn, message, rule } of findings) {
        expect(rule).toMatch(/^[a-z]+\/[a-z0-9-]+$/u);
        expect(message).not.toMatch(/undefined|\[object|NaN/u);
        expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
        expect(endColumn).toBeLessThanOrEqual(lines[endLine - 1]!.length + 1);
        expect(endLine > line || (endLine === line && endColumn >= column)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a configuration that was changed many times over is judged all the same', () => {
  const bases = corpus('accepted').map(({ text }) => text);
  for (let seed = 0; seed < 150; seed++) {
    const random = seeded(seed);
    let text = random.pick(bases);
    for (let round = 0; round < 8; round++) text = mutate(text, random);
    expect(() => lint(text)).not.toThrow();
  }
});
