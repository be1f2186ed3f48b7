import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commands, globalOptions } from '../../src/commands/registry.ts';
import { help, helpAsked, helpText } from '../../src/help/help.ts';
import { topics } from '../../src/help/topics.ts';
import { reference } from '../../src/lib/balancer/reference.ts';
import { plainStyle } from '../../src/lib/ui/style.ts';

const screen = (width = 80) => ({ style: plainStyle, width });
const read = (page: string) => readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
const flat = (text: string) => text.replaceAll(/\s+/gu, ' ');
const shown = (...words: string[]) => help(words, screen(), read);

const paths = commands.flatMap((spec) => [
  { path: [spec.name], spec },
  ...('commands' in spec
    ? spec.commands.map((inner) => ({ path: [spec.name, inner.name], spec: inner }))
    : []),
]);

describe.each(paths)('the help of $path', ({ path, spec }) => {
  test('starts with its examples, which name it and say what they do', () => {
    const text = helpText(path, screen());
    expect(text.startsWith(`Examples:\n  ${spec.examples[0]![0]}`)).toBe(true);
    for (const [line, does] of spec.examples) {
      expect(line).toContain(`lbctl ${path.join(' ')}`);
      expect(text).toContain(`  ${line}`);
      expect(flat(text)).toContain(does);
    }
  });

  test('names its options, those of every command, and its commands', () => {
    const text = helpText(path, screen());
    const inner = 'commands' in spec ? spec.commands : [];
    for (const { name, summary } of inner) expect(flat(text)).toContain(`${name} ${summary}`);
    const options = inner.length > 0 ? [] : [...spec.options, ...globalOptions];
    for (const { flags } of options) expect(text).toContain(flags);
  });

  test.each([40, 80, 200])('keeps to %i columns, but for commands, which are copied', (width) => {
    const long = helpText(path, screen(width))
      .split('\n')
      .filter((line) => line.length > width && !line.trim().startsWith('lbctl'))
      // a word that is longer than the line stays whole, and so does the name of an option
      .filter((line) => line.trim().includes(' '))
      .filter((line) => !/^\s+(?:-\w, )?--\S+(?: \S+)?$/u.test(line));
    expect(long).toEqual([]);
  });
});

test('the help of all lists commands and topics', () => {
  const text = flat(helpText([], screen()));
  for (const { name, summary } of [...commands, ...topics]) expect(text).toContain(`${name} ${summary}`);
});

test('help explains itself', async () => {
  expect(flat(await shown('help'))).toContain('lbctl help exit-codes');
});

test.each([
  ['help help', ['help']],
  ['help pool drain', ['pool', 'drain']],
  ['pool drain --help', ['pool', 'drain']],
  ['pool -h --no-color', ['pool']],
  ['help', []],
  ['--help', []],
  ['help lb.yaml tls', ['lb.yaml', 'tls']],
  ['lint a.conf --help', undefined],
  ['generat --help', undefined],
  ['lint', undefined],
])('of %s help is asked for %j', (line, words) => {
  expect(helpAsked(line.split(' '))).toEqual(words);
});

test('every page of the documents is a topic, and every topic has a page', async () => {
  const pages = readdirSync(new URL('../../docs', import.meta.url)).filter((name) => name.endsWith('.md'));
  expect(topics.map(({ page }) => page).toSorted()).toEqual(
    pages.filter((page) => page !== 'defended-findings.md').toSorted(),
  );
  for (const { name, page, commands: related } of topics) {
    const title = /^# (.*)$/mu.exec(
      readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8'),
    )![1]!;
    expect((await shown(name)).startsWith(`${title}\n`)).toBe(true);
    for (const command of related)
      expect(flat(helpText([command], screen()))).toContain(`lbctl help ${name}`);
    // a command of that name would hide it
    expect(commands.map((command) => command.name)).not.toContain(name);
  }
});

describe('lbctl help lb.yaml', () => {
  test('shows every mapping by its path, and every key by the end of its path', async () => {
    const plain = (path: string) => path.replaceAll('.NAME', '').replace(/^\./u, '');
    const mappings = new Set(reference().map(({ path }) => plain(path)));
    for (const { path, keys } of reference()) {
      const asked = plain(path);
      if (asked !== '') expect(await shown('lb.yaml', asked)).toContain(`${path}\n`);
      for (const { key, meaning } of keys.filter(({ key }) => !mappings.has(plain(`${path}.${key}`))))
        expect(flat(await shown('lb.yaml', ...asked.split('.').filter(Boolean), key))).toContain(
          flat(meaning),
        );
    }
  });

  test('without a key shows an example and the keys of the file', async () => {
    const text = await shown('lb.yaml');
    expect(text).toContain('    name: shop\n');
    expect(text).toContain('  name: text; required\n      Name of the balancer.\n');
  });

  test('tells of required keys and defaults', async () => {
    const text = await shown('lb.yaml', 'routes.timeout');
    expect(text).toContain('  connect: text; default 2s\n');
  });
});

test.each([
  [
    ['generat'],
    'there is no command or topic generat',
    'did you mean generate? lbctl help generate shows it',
  ],
  [
    ['exit-code'],
    'there is no command or topic exit-code',
    'did you mean exit-codes? lbctl help exit-codes shows it',
  ],
  [
    ['pool', 'drian'],
    'there is no command or topic pool drian',
    'did you mean pool drain? lbctl help pool drain shows it',
  ],
  [
    ['rate_limit'],
    'rate_limit is no command, but a key of lb.yaml',
    'lbctl help lb.yaml rate_limit shows it',
  ],
  [['xyzzy'], 'there is no command or topic xyzzy', 'lbctl help lists them'],
  [['pool', 'xyzzy'], 'there is no command or topic pool xyzzy', 'lbctl help pool shows what there is'],
  [['lint', 'xyzzy'], 'there is no command or topic lint xyzzy', 'lbctl help lint shows what there is'],
  [
    ['lb.yaml', 'listners'],
    'lb.yaml has no listners',
    'did you mean listeners? lbctl help lb.yaml listeners shows it',
  ],
  [['output', 'more'], 'the topic output has no parts', 'lbctl help output shows all of it'],
])('help for %j tells what there is', async (words, message, hint) => {
  await expect(shown(...words)).rejects.toMatchObject({ kind: 'usage', message, hint });
});
