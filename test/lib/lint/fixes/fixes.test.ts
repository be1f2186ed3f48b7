import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFixes } from '../../../../src/lib/lint/fixes/apply.ts';
import type { Finding } from '../../../../src/lib/lint/engine/finding.ts';
import {
  addWord,
  type Edit,
  insertBefore,
  insertBehind,
  insertInside,
  remove,
  removeWord,
  replaceWord,
} from '../../../../src/lib/lint/fixes/fix.ts';
import { fixAll, type Seen } from '../../../../src/lib/lint/fixes/fixing.ts';
import { type Item, modelOf } from '../../../../src/lib/lint/model/model.ts';
import { withSharedFixes } from '../../../../src/lib/lint/fixes/shared-fixes.ts';
import type { SourceFile } from '../../../../src/lib/nginx/check/visit.ts';
import { Context } from '../../../../src/lib/nginx/directives/contexts.ts';
import { loadConfiguration } from '../../../../src/lib/nginx/include/load.ts';
import { parse } from '../../../../src/lib/nginx/syntax/parse.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

const sourceOf = (text: string, path = '/a.conf'): SourceFile => ({
  name: path.slice(1),
  path,
  document: parse(text),
});

function findingOf(edits: readonly Edit[], own: Partial<Finding> = {}): Finding {
  return {
    rule: 'test/rule',
    severity: 'warning',
    message: 'wrong',
    file: edits[0]!.file.name,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    fixable: true,
    fix: { title: 'mend it', edits },
    url: '',
    sourceLine: '',
    ...own,
  };
}

/** The directives of a text by their names; the last one of a name counts. */
function itemsOf(text: string): Record<string, Item> {
  const loaded = loadConfiguration('/a.conf', {
    read: (path) => (path === '/a.conf' ? text : undefined),
    list: () => undefined,
  });
  return Object.fromEntries(modelOf(loaded, Context.main).items.map((item) => [item.directive.name, item]));
}

/** A text with one edit in it. */
function edited(text: string, make: (items: Record<string, Item>) => Edit): string {
  return applyFixes([findingOf([make(itemsOf(text))])]).files[0]!.text;
}

describe('an edit', () => {
  const wordOf = (item: Item | undefined, index: number) => item!.directive.words[index]!;

  test.each([
    ['a on;', 'a off;', 'a on;', 1],
    ['a "on";', 'a off;', 'a "on";', 1],
  ])('replaces a word of %s', (text, wanted, _, index) => {
    expect(edited(text, ({ a }) => replaceWord(a!, wordOf(a, index), 'off'))).toBe(wanted);
  });

  test.each([
    ['a x y;', 1, 'a y;'],
    ['a x y;', 2, 'a x;'],
    ['a x\n  y\n  z;', 2, 'a x\n  z;'],
    ['a x\r\n  y\r\n  z;', 2, 'a x\r\n  z;'],
    ['a # why\n  x y;', 1, 'a # why\n y;'],
    ['a x\n  y;', 2, 'a x\n;'],
  ])('takes a word out of %j', (text, index, wanted) => {
    expect(edited(text, ({ a }) => removeWord(a!, wordOf(a, index)))).toBe(wanted);
  });

  test('adds a word', () => {
    expect(edited('a x;', ({ a }) => addWord(a!, wordOf(a, 1), 'y'))).toBe('a x y;');
  });

  test.each([
    ['b;\na;\nc;\n', 'b;\nc;\n'],
    ['b;\r\n  a; # with its remark\r\nc;\r\n', 'b;\r\nc;\r\n'],
    ['b; a; c;\n', 'b;  c;\n'],
    ['a { x; }\nc;', 'c;'],
    ['c;\na;', 'c;\n'],
  ])('takes a directive out of %j', (text, wanted) => {
    expect(edited(text, ({ a }) => remove(a!))).toBe(wanted);
  });

  test.each([
    ['  a;\n  c;\n', '  a;\n  new;\n  c;\n'],
    ['\ta; # remark\r\n\tc;\r\n', '\ta; # remark\r\n\tnew;\r\n\tc;\r\n'],
    ['a;#\r still the remark\n', 'a;#\r still the remark\nnew;\n'],
    ['http { a; }', 'http { a;\nnew; }'],
    ['a;', 'a;\nnew;'],
    ['  a { x; } # end\n', '  a { x; } # end\n  new;\n'],
  ])('puts a directive behind one in %j', (text, wanted) => {
    expect(edited(text, ({ a }) => insertBehind(a!, 'new;'))).toBe(wanted);
  });

  test.each([
    ['  a;\n', '  new;\n  a;\n'],
    ['# about a\r\n\ta;\r\n', '# about a\r\n\tnew;\r\n\ta;\r\n'],
    [
      'b;\n  # lbctl-ignore-next-line x -- why\n  # lbctl-ignore-next-line y -- why\n  a;',
      'b;\n  new;\n  # lbctl-ignore-next-line x -- why\n  # lbctl-ignore-next-line y -- why\n  a;',
    ],
    ['# lbctl-ignore-next-line x -- why\na;', 'new;\n# lbctl-ignore-next-line x -- why\na;'],
    ['b; a;', 'b; new;\na;'],
  ])('puts a directive in front of one in %j', (text, wanted) => {
    expect(edited(text, ({ a }) => insertBefore(a!, 'new;'))).toBe(wanted);
  });

  test.each([
    ['http {\n  x;\n}\n', 'http {\n  new;\n  x;\n}\n'],
    ['http { # remark\r\n\tx;\r\n}\r\n', 'http { # remark\r\n\tnew;\r\n\tx;\r\n}\r\n'],
    ['http { x; }', 'http {\n    new;\n    x; }'],
    ['http {}', 'http {\n    new;\n}'],
    ['http {\n}', 'http {\n    new;\n}'],
    ['http {\n  # first\n  x;\n}\n', 'http {\n  new;\n  # first\n  x;\n}\n'],
  ])('puts a directive into the block of %j', (text, wanted) => {
    expect(edited(text, ({ http }) => insertInside(http!, 'new;'))).toBe(wanted);
  });
});

describe('fixes', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ';', ' ', '\r\n', 'ä', '€'),
    minLength: 1,
    maxLength: 9000,
  });
  /** A text, and fixes of up to three edits each. */
  const plans = text.chain((content) =>
    fc.tuple(
      fc.constant(content),
      fc.array(
        fc.array(fc.tuple(fc.nat(content.length), fc.nat(6), fc.constantFrom('', 'x', 'yy;\r\n')), {
          minLength: 1,
          maxLength: 3,
        }),
        { maxLength: 12 },
      ),
    ),
  );

  test('are in the text whole or not at all, do not overlap, and change nothing else', () => {
    fc.assert(
      fc.property(plans, ([content, plan]) => {
        const file = sourceOf(content);
        const findings = plan.map((edits) =>
          findingOf(
            edits.map(([start, length, put]) => ({
              file,
              start,
              end: Math.min(content.length, start + length),
              text: put,
            })),
          ),
        );
        const { files, taken } = applyFixes(findings);
        const edits = new Map<string, Edit>();
        for (const { fix } of taken)
          for (const edit of fix!.edits) edits.set(JSON.stringify([edit.start, edit.end, edit.text]), edit);
        const inOrder = [...edits.values()].toSorted((a, b) => a.start - b.start || a.end - b.end);
        for (const [index, edit] of inOrder.entries())
          expect(edit.start).toBeGreaterThanOrEqual(inOrder[index - 1]?.end ?? 0);
        // from behind, each where it says
        const wanted = inOrder.reduceRight(
          (old, { start, end, text: put }) => old.slice(0, start) + put + old.slice(end),
          content,
        );
        expect(files[0]?.text ?? content).toBe(wanted);
        // what was not taken is in the way of what was, or of itself, or does nothing
        if (taken.length === 0 && plan.length > 0)
          expect(
            findings.every(({ fix }) => applyFixes([{ ...findings[0]!, fix: fix! }]).taken.length === 0),
          ).toBe(true);
      }),
    );
  });

  test('of one answer count both, and are made once', () => {
    const file = sourceOf('a on;');
    const edit = { file, start: 2, end: 4, text: 'off' };
    const { files, taken } = applyFixes([findingOf([edit]), findingOf([{ ...edit }])]);
    expect([files[0]!.text, taken.length]).toEqual(['a off;', 2]);
  });

  test('of one file by two readings meet in it', () => {
    const [one, other] = [sourceOf('a on;\nb on;'), sourceOf('a on;\nb on;')];
    const { files } = applyFixes([
      findingOf([{ file: one, start: 2, end: 4, text: 'off' }]),
      findingOf([{ file: other, start: 8, end: 10, text: 'off' }]),
    ]);
    expect(files.map(({ text }) => text)).toEqual(['a off;\nb off;']);
  });

  test('that meet wait for another run, unless each takes the place of its own stretch', () => {
    const file = sourceOf('abcdef');
    const edit = (start: number, end: number) => findingOf([{ file, start, end, text: '-' }]);
    expect(applyFixes([edit(0, 2), edit(1, 3), edit(2, 4), edit(5, 6)]).files[0]!.text).toBe('--e-');
    const insert = findingOf([{ file, start: 2, end: 2, text: '+' }]);
    expect(applyFixes([edit(0, 2), insert]).files[0]!.text).toBe('-cdef');
  });

  test('are many in little time', () => {
    const content = 'server_tokens on;\n'.repeat(100_000);
    const file = sourceOf(content);
    const findings = Array.from({ length: 100_000 }, (_, index) =>
      findingOf([{ file, start: index * 18 + 14, end: index * 18 + 16, text: 'off' }]),
    );
    const start = cpuTime();
    expect(applyFixes(findings).taken).toHaveLength(100_000);
    expect(cpuTime() - start).toBeLessThan(3000);
  });
});

describe('a run of fixes', () => {
  const PATH = '/a.conf';

  /** Findings by a function of the text, as a rule would have them. */
  function looker(text: string, rule: (text: string, file: SourceFile) => readonly Finding[]) {
    let looks = 0;
    const look = (texts: ReadonlyMap<string, string>): Seen => {
      looks++;
      const now = texts.get(PATH) ?? text;
      const all = rule(now, sourceOf(now));
      return { all, told: all };
    };
    return { look, looks: () => looks };
  }
  const replaceAll = (now: string, file: SourceFile, what: RegExp, put: string): Finding[] =>
    [...now.matchAll(what)].map(({ index, 0: word }) =>
      findingOf([{ file, start: index, end: index + word.length, text: put }], {
        sourceLine: now.slice(now.lastIndexOf('\n', index) + 1).split('\n')[0]!,
      }),
    );
  const refusals = (now: string, what: RegExp): Finding[] =>
    [...now.matchAll(what)].map(() => {
      const { fix, ...finding } = findingOf([{ file: sourceOf(now), start: 0, end: 0, text: '' }]);
      return { ...finding, rule: 'syntax/value', fixable: fix === undefined };
    });

  test('goes on until nothing is left', async () => {
    const { look } = looker('aaa', (now, file) =>
      [...now.matchAll(/a(?=a|$)/gu)]
        .slice(-1)
        .flatMap(({ index }) => findingOf([{ file, start: index, end: index + 1, text: '' }])),
    );
    const { files, seen } = await fixAll(look, () => true);
    expect(files).toMatchObject([{ before: 'aaa', text: '', count: 3 }]);
    expect(seen.all).toEqual([]);
  });

  test('ends where two rules quarrel', async () => {
    const { look, looks } = looker('on', (now, file) =>
      replaceAll(now, file, /on|off/gu, now === 'on' ? 'off' : 'on'),
    );
    await fixAll(look, () => true);
    expect(looks()).toBeLessThan(20);
  });

  test('leaves out the fix that NGINX would not take, and takes the others', async () => {
    const text = Array.from({ length: 50 }, (_, index) => `d${index} on;`).join('\n');
    const { look, looks } = looker(text, (now, file) => [
      ...replaceAll(now, file, /\bon\b/gu, 'off'),
      ...refusals(now, /d(?:17|31) off/gu),
    ]);
    const { files, leftOut } = await fixAll(look, () => true);
    expect(files[0]!.text).toBe(text.replaceAll('on', 'off').replaceAll(/(d(?:17|31)) off/gu, '$1 on'));
    expect(leftOut.map(({ sourceLine }) => /\w+/u.exec(sourceLine)![0])).toEqual(['d17', 'd31']);
    expect(files[0]!.count).toBe(48);
    expect(looks()).toBeLessThan(40);
  });

  test('bears what NGINX refused before', async () => {
    const { look } = looker('bad; a on; bad;', (now, file) => [
      ...refusals(now, /bad/gu),
      ...replaceAll(now, file, /\bon\b/gu, 'off'),
    ]);
    expect((await fixAll(look, () => true)).files[0]!.text).toBe('bad; a off; bad;');
  });

  test('changes no file that may not be changed', async () => {
    const { look } = looker('a on;', (now, file) => replaceAll(now, file, /\bon\b/gu, 'off'));
    const { files, seen } = await fixAll(look, (path) => path !== PATH);
    expect([files, seen.told.length]).toEqual([[], 1]);
  });
});

describe('a file of several configurations', () => {
  const reading = () => sourceOf('a on;', '/shared.conf');
  const off = (file: SourceFile, text = 'off') => findingOf([{ file, start: 2, end: 4, text }]);
  const kept = (...list: Parameters<typeof withSharedFixes>[0]) =>
    withSharedFixes(list).map((findings) => findings.map(({ fixable }) => fixable));

  test('is changed where all of them have the same answer', () => {
    const [one, other] = [reading(), reading()];
    expect(kept({ files: [one], findings: [off(one)] }, { files: [other], findings: [off(other)] })).toEqual([
      [true],
      [true],
    ]);
  });

  test('is left alone where one has none, or another one', () => {
    const [one, other] = [reading(), reading()];
    expect(kept({ files: [one], findings: [off(one)] }, { files: [other], findings: [] })).toEqual([
      [false],
      [],
    ]);
    expect(
      kept(
        { files: [one], findings: [off(one), off(one)] },
        { files: [other], findings: [off(other, 'build')] },
      ),
    ).toEqual([[false, false], [false]]);
  });

  test('holds back what is to be changed in other files with it', () => {
    const [one, other, own] = [reading(), reading(), sourceOf('b on;', '/own.conf')];
    const both = findingOf([
      { file: own, start: 2, end: 4, text: 'off' },
      { file: one, start: 2, end: 4, text: 'off' },
    ]);
    const alone = findingOf([{ file: own, start: 2, end: 4, text: 'off' }]);
    const [first] = withSharedFixes([
      { files: [one, own], findings: [both, alone] },
      { files: [other], findings: [] },
    ]);
    expect(first!.map(({ fix }) => fix?.edits.length)).toEqual([undefined, 1]);
  });
});
