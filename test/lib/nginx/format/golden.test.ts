import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { format } from '../../../../src/lib/nginx/format/format.ts';
import { decode, encode } from '../../../../src/lib/source/nginx-text.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

const fixtures = new URL('../../../../fixtures/', import.meta.url).pathname;

describe('a file is laid out as its fixture shows, and then stays so', () => {
  test.each(readdirSync(`${fixtures}fmt`))('%s', (name) => {
    const { text, encoding } = decode(readFileSync(`${fixtures}fmt/${name}/in.conf`));
    const formatted = format(text);
    expect(formatted.problems).toEqual([]);
    const bytes = encode({ text: formatted.text, encoding });
    const out = `${fixtures}fmt/${name}/out.conf`;
    // a snapshot of vitest would turn CRLF into LF and know no bytes but UTF-8
    if (!existsSync(out) && process.env['CI'] !== 'true') writeFileSync(out, bytes);
    expect(bytes.toString('latin1')).toBe(readFileSync(out).toString('latin1'));
    expect(format(formatted.text).text).toBe(formatted.text);
  });
});

test('indentation is what was asked for', () => {
  const text = 'http { server { listen 80; } }';
  expect(format(text, '\t').text).toBe('http {\n\tserver {\n\t\tlisten 80;\n\t}\n}\n');
  expect(format(text, '  ').text).toBe('http {\n  server {\n    listen 80;\n  }\n}\n');
});

test('lines break at the same words with tabs as with four spaces', () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
  const text = `http { server { gzip_types ${words}; } }`;
  expect(format(text, '\t').text.replaceAll('\t', '    ')).toBe(format(text).text);
});

test('what lbctl generate writes is in this style already', () => {
  for (const name of readdirSync(`${fixtures}generate`).filter((name) => name.endsWith('.conf'))) {
    const text = readFileSync(`${fixtures}generate/${name}`, 'utf8');
    expect(format(text)).toEqual({ text, problems: [] });
  }
});

test('the page of the command shows what it does', () => {
  const page = readFileSync(new URL('../../../../docs/commands/fmt.md', import.meta.url), 'utf8');
  const [before, after] = [...page.matchAll(/^```nginx\n(.*?)^```$/gmsu)].map(([, text]) => text!);
  expect(format(before!).text).toBe(after);
});

test('text with problems stays as it is', () => {
  const text = 'http  {\n  server {\n';
  const { text: same, problems } = format(text);
  expect(same).toBe(text);
  expect(problems.map(({ rule }) => rule)).toContain('syntax/missing-brace');
});

describe('words at the limit of what NGINX reads', () => {
  const name = (length: number) => 'x'.repeat(length);

  test('a brace or a semicolon stays where a space would be one byte too many', () => {
    for (const text of [`a ${name(4095)};\n`, `a ${name(4095)}{}\n`, `# ${name(4093)}`])
      expect(format(text)).toEqual({ text, problems: [] });
  });

  test('else a brace stands apart', () => {
    expect(format(`a ${name(900)}{}`).text).toBe(`a ${name(900)} {}\n`);
  });
});

test('a file of 100,000 levels is formatted, with indentation up to the 32nd', () => {
  const levels = 100_000;
  const { text, problems } = format(`${'a{'.repeat(levels)}${'}'.repeat(levels)}`);
  expect(problems).toEqual([]);
  const rows = text.split('\n');
  expect(rows).toHaveLength(2 * levels);
  expect(rows[40]).toBe(`${'    '.repeat(32)}a {`);
  expect(format(text).text).toBe(text);
});

test('a directive may have any number of words', () => {
  for (const text of [`a ${'"b" '.repeat(300_000)};`, `a # c\n ${'"b" '.repeat(300_000)};`])
    expect(format(text).text.split('\n').length).toBeGreaterThan(300_000);
});

test('the time grows with the length alone', () => {
  const text =
    'http { map $a $b { x 1; yyy 2; } server { listen 80 default_server; # one\n location / { return 204; } } }\n';
  const take = (times: number): number => {
    const whole = text.repeat(times);
    const start = cpuTime();
    format(whole);
    return cpuTime() - start;
  };
  take(1000);
  const small = Math.min(take(2000), take(2000), take(2000));
  // quadratic work would take 20 times as long as this
  expect(take(40_000)).toBeLessThan(small * 20 * 10);
});
