import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../../../src/lib/nginx/format/diff.ts';
import { pairedNearby } from '../../../../src/lib/nginx/format/nearby.ts';
import { format } from '../../../../src/lib/nginx/format/format.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

/** Does what a diff says, and throws where the text is not the one that it was made from. */
function apply(diff: string, text: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
  let result = '';
  let at = 0;
  const rows = diff.split(/(?<=\n)/u).slice(2);
  let [old, young] = [0, 0];
  for (const [index, row] of rows.entries()) {
    const range = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n$/u.exec(row);
    if (range) {
      expect([old, young]).toEqual([0, 0]);
      [old, young] = [Number(range[2] ?? 1), Number(range[4] ?? 1)];
      const start = Number(range[1]) - (old === 0 ? 0 : 1);
      result += lines.slice(at, start).join('');
      at = start;
      const ahead = result.split('\n').length - 1;
      expect(Number(range[3]) - (young === 0 ? 0 : 1)).toBe(ahead);
    } else if (!row.startsWith('\\')) {
      const content = rows[index + 1]?.startsWith('\\') ? row.slice(1, -1) : row.slice(1);
      if (row[0] !== '+') {
        expect(lines[at]).toBe(content);
        at++;
        old--;
      }
      if (row[0] !== '-') {
        result += content;
        young--;
      }
    }
  }
  expect([old, young]).toEqual([0, 0]);
  return result + lines.slice(at).join('');
}

test('shows what goes, what comes and three lines around', () => {
  const before = 'a;\nb;\nc;\nd;\n  e;\n\n\nf;\ng;\nh;\ni;\nj;\nk;\nl;\nm;';
  expect(unifiedDiff('x.conf', before, format(before).text)).toBe(
    `--- x.conf
+++ x.conf
@@ -2,9 +2,8 @@
 b;
 c;
 d;
-  e;
+e;
 
-
 f;
 g;
 h;
@@ -12,4 +11,4 @@
 j;
 k;
 l;
-m;
\\ No newline at end of file
+m;
`,
  );
});

test('says nothing where nothing changes', () => {
  expect(unifiedDiff('x.conf', 'a;\n', 'a;\n')).toBe('');
});

test('turns the one text into the other, whatever the two hold', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', ';', '\n', '\n', ' ', '\r\n', '{', '}'), { maxLength: 60 })
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      for (const other of [after, format(before).text, before.replaceAll(/\s+/gu, '\n')])
        if (other !== before) expect(apply(unifiedDiff('x', before, other), before)).toBe(other);
    }),
    { numRuns: 2000 },
  );
});

test('pairs lines that are equal and at the same place', () => {
  const body = (before: string, after: string) =>
    unifiedDiff('x', before, after).split('\n').slice(3).join('\n');
  const before = 'a{b;}c{d;\n}\n';
  expect(body(before, format(before).text)).toBe('-a{b;}c{d;\n+a {\n+    b;\n+}\n+c {\n+    d;\n }\n');
  expect(body('a\nb\n', 'a\n\nb\n')).toBe(' a\n+\n b\n');
  expect(body('a\n\n\nb\n', 'a\n\nb\n')).toBe(' a\n \n-\n b\n');
});

test('lines that did not change are not shown as changed', () => {
  const before = Array.from({ length: 200 }, (_, index) =>
    index === 100 ? 'a  b;\n' : `line ${index};\n`,
  ).join('');
  const diff = unifiedDiff('x', before, format(before).text);
  expect(diff.match(/^[-+][^-+]/gmu)).toEqual(['-a', '+a']);
});

test('git takes it as a patch', async () => {
  const fixtures = new URL('../../../../fixtures/fmt/', import.meta.url).pathname;
  const folder = await temporaryFolder();
  for (const name of readdirSync(fixtures)) {
    const before = readFileSync(join(fixtures, name, 'in.conf'), 'utf8');
    const after = readFileSync(join(fixtures, name, 'out.conf'), 'utf8');
    if (before === after || name === 'latin1') continue;
    const path = join(folder, `${name}.conf`);
    writeFileSync(path, before);
    execFileSync('git', ['apply', '--unsafe-paths', '-p0', '--whitespace=nowarn', '-'], {
      cwd: folder,
      input: unifiedDiff(`${name}.conf`, before, after),
      env: { ...process.env, GIT_CEILING_DIRECTORIES: folder },
    });
    expect(readFileSync(path, 'utf8')).toBe(after);
  }
});

test('the time grows with the length alone, however much changes', () => {
  const before = 'server  {\nlisten  80;\n\n\n}\n'.repeat(40_000);
  const start = cpuTime();
  const diff = unifiedDiff('x', before, format(before).text);
  expect(diff.split('\n').length).toBeGreaterThan(200_000);
  // quadratic work would take hours
  expect(cpuTime() - start).toBeLessThan(15_000);
});

test('tells of changes here and there, whatever they are', () => {
  const line = fc.constantFrom('a;\n', '}\n', '\n', 'server {\n', '    listen 80;\n', 'b;\r\n');
  const text = fc.array(line, { maxLength: 60 }).map((lines) => lines.join(''));
  const edits = fc.array(fc.tuple(fc.nat(400), fc.nat(30), fc.constantFrom('', 'x', 'y;\n', '\n\n')), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(text, edits, text, (before, list, other) => {
      const after = list.reduce(
        (old, [at, length, put]) => old.slice(0, at) + put + old.slice(at + length),
        before,
      );
      expect(apply(unifiedDiff('a', before, after, pairedNearby), before)).toBe(after);
      // what has nothing in common is a diff, too
      expect(apply(unifiedDiff('a', before, other, pairedNearby), before)).toBe(other);
    }),
  );
});

test('shows lines that have changed and no others', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `d${index} on;\n`);
  const after = lines.flatMap((line, index) =>
    index === 10 ? [line, 'new;\n'] : index === 500 ? [] : index === 900 ? ['d900 off;\n'] : [line],
  );
  const diff = unifiedDiff('a', lines.join(''), after.join(''), pairedNearby);
  expect(diff.split('\n').filter((line) => /^[-+][^-+]/u.test(line))).toEqual([
    '+new;',
    '-d500 on;',
    '-d900 on;',
    '+d900 off;',
  ]);
});

test('takes little time where nothing is alike', () => {
  const text = (name: string) => Array.from({ length: 100_000 }, (_, index) => `${name}${index};\n`).join('');
  const start = cpuTime();
  const [before, after] = [text('a'), text('b')];
  expect(apply(unifiedDiff('x', before, after, pairedNearby), before)).toBe(after);
  expect(cpuTime() - start).toBeLessThan(15_000);
});
