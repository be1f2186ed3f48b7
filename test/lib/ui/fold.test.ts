import fc from 'fast-check';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { fold } from '../../../src/lib/ui/fold.ts';
import { cutWords } from '../../support/rows.ts';

const at = (columns: number) => (text: string) => fold(text, { columns });

test('what is said goes on behind its sign', () => {
  expect(at(24)('! no server of upstream web can be reached')).toBe(
    ['! no server of upstream', '  web can be reached'].join('\n'),
  );
  expect(at(24)('error: there is no command or topic nothing')).toBe(
    ['error: there is no', '       command or topic', '       nothing'].join('\n'),
  );
});

test('a line of a table goes on below its last column, where that leaves half of the width', () => {
  expect(at(30)('10.0.0.1:80  down: nobody listens there')).toBe(
    ['10.0.0.1:80  down: nobody', '             listens there'].join('\n'),
  );
  expect(at(20)('10.0.0.1:80  down: nobody listens there')).toBe(
    ['10.0.0.1:80  down:', '  nobody listens', '  there'].join('\n'),
  );
});

test('a command that may be copied stays one line, which the terminal breaks at words', () => {
  const hint = 'hint: lbctl rollback 1f3a --yes goes back';
  const folded = at(20)(hint);
  expect(folded.match(/.{1,20}/gu)).toEqual([
    'hint: lbctl rollback',
    '      1f3a --yes    ',
    '      goes back',
  ]);
});

test('lines of files stay lines', () => {
  const line = '# What this load balancer is: `lbctl plan` shows it.';
  expect(fold(line, { columns: 20, quoted: true })).not.toContain('\n');
});

test('colours take no columns', () => {
  const red = '\u001B[31merror:\u001B[39m there is no command';
  expect(fold(red, { columns: 27 })).toBe(red);
  expect(stripVTControlCharacters(fold(red, { columns: 20 }))).toBe('error: there is no\n       command');
});

test('whatever is said: no word is cut, none is lost, and what fits stays as it is', () => {
  const word = fc.stringMatching(/^[a-z:.|!]{1,30}$/u);
  const line = fc
    .tuple(
      fc.stringMatching(/^ {0,8}(?:! |hint: )?$/u),
      fc.array(fc.tuple(word, fc.constantFrom(' ', '  ')), { minLength: 1 }),
    )
    .map(([start, words]) => start + words.map(([one, gap]) => one + gap).join(''));
  const text = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, fc.integer({ min: 38, max: 200 }), (said, columns) => {
      const folded = fold(said, { columns });
      expect(folded.trim().split(/\s+/u)).toEqual(said.trim().split(/\s+/u));
      expect(cutWords(folded, columns)).toEqual([]);
      const short = said.split('\n').filter((one) => one.length <= columns);
      expect(folded.split('\n')).toEqual(expect.arrayContaining(short));
    }),
  );
});
