import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/lib/nginx/syntax/parse.ts';
import { positions } from '../../../../src/lib/nginx/syntax/position.ts';
import { allFixtures, corpus, textOf } from '../../../support/corpus.ts';
import { lossOf } from '../../../support/syntax.ts';

/** NGINX's words for what is wrong with the text itself, not with what it means. */
const OF_TEXT = /unexpected (?:end of |"[^{]"(?! in condition))|too long parameter|code block missing/u;

/** What it says where a fault of the text can look like one of its meaning. */
const PERHAPS = /unexpected "\{"|unknown directive|no opening|not terminated|invalid number of arguments/u;

describe('the fixtures', () => {
  test('are there', () => {
    expect(corpus('accepted').length).toBeGreaterThan(200);
    expect(corpus('refused').length).toBeGreaterThan(700);
  });

  test('come back byte for byte', () => {
    const losses = allFixtures().map((path) => [path, lossOf(parse(textOf(path)))]);
    expect(losses.filter(([, loss]) => loss !== undefined)).toEqual([]);
  });

  test('that NGINX accepts have no fault of syntax', () => {
    const faults = corpus('accepted').flatMap(({ name, text }) =>
      parse(text).problems.map(({ message }) => `${name}: ${message}`),
    );
    expect(faults).toEqual([]);
  });

  test('that NGINX refuses for their text have one, not behind the line that NGINX names', () => {
    const differing = corpus('refused').filter(({ name, text, refusal }) => {
      const [problem] = parse(text).problems;
      const inclusion = !refusal!.includes(` in ${name.split('/')[1]}`);
      if (inclusion) return false;
      if (!OF_TEXT.test(refusal!)) return problem !== undefined && !PERHAPS.test(refusal!);
      const line = Number(/:(\d+)$/u.exec(refusal!)?.[1] ?? Infinity);
      return problem === undefined || positions(text)(problem.start).line > line;
    });
    expect(differing.map(({ refusal }) => refusal)).toEqual([]);
  });
});

describe('files of this machine', () => {
  const folders = ['/etc/nginx', '/usr/share/nginx', '/usr/share/doc'];

  test.each(folders)('%s comes back byte for byte', (folder) => {
    if (!existsSync(folder)) {
      console.warn(`there is no ${folder}, so its files are not read`);
      return;
    }
    const files = configurations(folder);
    const losses = files.map((path) => [path, lossOf(parse(textOf(path)))]);
    expect(losses.filter(([, loss]) => loss !== undefined)).toEqual([]);
  });

  test('have no fault of syntax where NGINX uses them', () => {
    const files = configurations('/etc/nginx').filter((path) =>
      /(?:\.conf|_params|mime\.types)$/u.test(path),
    );
    const faults = files
      // rules of ModSecurity are in a language of their own
      .filter((path) => !path.includes('modsecurity'))
      .map((path) => ({ path, problems: parse(textOf(path)).problems }));
    expect(faults.filter(({ problems }) => problems.length > 0)).toEqual([]);
  });
});

/** Files below a folder that are configuration by their name or place. */
function configurations(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !/\.(?:gz|html|svg|png|pem|so)$/u.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => path.startsWith('/etc/nginx/') || /nginx|\.conf\b/u.test(path));
}

describe('generated texts', () => {
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(';', '{', '}', '"', "'", '#', '\\', '$', '${', ')', '\n') },
    {
      weight: 3,
      arbitrary: fc.constantFrom(' ', '\n    ', '\t', '\r\n', '\r', '# c\n', 'a', 'server', '$a'),
    },
    { weight: 1, arbitrary: fc.constantFrom('content_by_lua_block', '--[[', ']]', '--', '[=[', ']=]') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\uFEFF', '\0', '\u00E9', '\u{1F600}', '\uD800', '\u00A0', '\v'),
    },
  );

  test.each([
    ['any string', fc.string({ unit: 'binary', maxLength: 200 })],
    ['any bytes', fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'))],
    ['tokens in any order', fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))],
  ])('%s comes back, and nothing is thrown', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(lossOf(parse(text))).toBeUndefined();
      }),
      { numRuns: 4000 },
    );
  });

  test('problems are in the order of the text and inside of it', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { text, problems } = parse(pieces.join(''));
        let last = 0;
        for (const { start, end, message } of problems) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(message).not.toBe('');
          last = start;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
