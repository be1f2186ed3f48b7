// Manual pages, from the registry of commands, the shapes of lb.yaml and the documents of topics: what `lbctl help` shows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleOf } from './module.js';

/** Name of a page -> its text in roff. */
export async function manualPages(root, version) {
  const { about, commands, examples, globalOptions, reference, topics } = await moduleOf(
    'commands/registry.ts',
    'help/program.ts',
    'help/topics.ts',
    'lib/balancer/reference.ts',
  );
  const read = (page) => readFileSync(join(root, 'docs', page), 'utf8');
  const title = (name, section) =>
    `.TH ${word(name.toUpperCase())} ${section} "" ${word(`lbctl ${version}`)} "Manual of lbctl"`;

  const program = () => [
    title('lbctl', 1),
    ...section('NAME', [`lbctl \\- ${plain(about)}`]),
    ...section('SYNOPSIS', ['.B lbctl', '.I COMMAND', '[options]']),
    ...section('EXAMPLES', examplesOf(examples)),
    ...section(
      'COMMANDS',
      commands.flatMap(({ name, summary }) => [
        '.TP',
        `.BR lbctl\\-${plain(name)} (1)`,
        `${text(capital(summary))}.`,
      ]),
    ),
    ...section(
      'OPTIONS',
      optionsOf([...globalOptions, { flags: '-V, --version', summary: 'print the version' }]),
    ),
    ...section('TOPICS', [
      'These are shown by',
      '.BR "lbctl help" :',
      ...topics.flatMap(({ name, summary }) => ['.TP', `.B ${plain(name)}`, `${text(capital(summary))}.`]),
    ]),
    ...section('EXIT STATUS', tableOf(read('exit-codes.md'))),
    ...section('ENVIRONMENT', tableOf(read('environment.md'))),
    ...section(
      'FILES',
      [
        ['lb.yaml', 'The balancer; see', '.BR lb.yaml (5).'],
        ['.lbctlrc.yaml', 'Settings of lint; see', '.BR lbctl\\-lint (1).'],
        ['.lbctl/', 'What runs on this machine, beside lb.yaml.'],
        ['/etc/lbctl/', 'What lbctl keeps on other machines.'],
      ].flatMap(([path, ...lines]) => ['.TP', `.I ${path}`, ...lines]),
    ),
    ...section('SEE ALSO', ['.BR lb.yaml (5),', '.BR nginx (8)']),
  ];

  const command = (spec) => {
    const name = `lbctl-${spec.name}`;
    const related = topics.filter((topic) => topic.commands.includes(spec.name));
    const inner = spec.commands ?? [];
    return [
      title(name, 1),
      ...section('NAME', [`${plain(name)} \\- ${text(spec.summary)}`]),
      ...section(
        'SYNOPSIS',
        inner.length > 0
          ? inner.flatMap((one) => [...synopsis(one, spec.name), '.br']).slice(0, -1)
          : synopsis(spec),
      ),
      ...section('EXAMPLES', examplesOf(spec.examples)),
      ...(inner.length > 0
        ? section(
            'COMMANDS',
            inner.flatMap((one) => [
              `.SS ${word(`lbctl ${spec.name} ${one.name}`)}`,
              `${text(capital(one.summary))}.`,
              ...examplesOf(one.examples),
              ...operandsOf(one),
              ...optionsOf(one.options),
            ]),
          )
        : section('OPTIONS', [...operandsOf(spec), ...optionsOf([...spec.options, ...globalOptions])])),
      ...(inner.length > 0 ? section('OPTIONS OF EACH', optionsOf(globalOptions)) : []),
      ...section('EXIT STATUS', ['See', '.BR lbctl (1).']),
      ...section('SEE ALSO', [
        '.BR lbctl (1),',
        related.length > 0 ? '.BR lb.yaml (5),' : '.BR lb.yaml (5)',
        ...related.map(
          (topic, index) =>
            `.B "lbctl help ${plain(topic.name)}"${index < related.length - 1 ? '\n.br' : ''}`,
        ),
      ]),
    ];
  };

  const file = () => {
    const [start] = read('lb-yaml.md').split(/^## /m);
    return [
      title('lb.yaml', 5),
      ...section('NAME', ['lb.yaml \\- what a balancer of lbctl is']),
      ...section('DESCRIPTION', paragraphs(start.replace(/^# .*$/m, ''))),
      ...section(
        'KEYS',
        reference().flatMap(({ path, description, same, keys }) => [
          `.SS ${word(path === '' ? 'The file' : path)}`,
          ...(description === '' ? [] : [text(description)]),
          ...(same === undefined
            ? []
            : [...(description === '' ? [] : ['.PP']), 'The same keys as', `.BR ${plain(same)} .`]),
          ...keys.flatMap(({ key, required, value, default: byDefault, meaning }) => [
            '.TP',
            `.B ${plain(key)}`,
            text(
              `${value.replaceAll('`', '')}${required ? '; required' : ''}${byDefault === '' ? '' : `; default ${byDefault}`}.`,
            ),
            ...(meaning === '' ? [] : ['.br', text(meaning)]),
          ]),
        ]),
      ),
      ...section('SEE ALSO', ['.BR lbctl (1),', '.BR lbctl\\-config (1),', '.BR lbctl\\-schema (1)']),
    ];
  };

  const pages = [
    ['lbctl.1', program()],
    ['lb.yaml.5', file()],
    ...commands.map((spec) => [`lbctl-${spec.name}.1`, command(spec)]),
  ];
  return new Map(pages.map(([name, lines]) => [name, `${lines.join('\n')}\n`]));
}

/** What begins with a paragraph begins with one anyway. */
function section(title, lines) {
  return lines.length === 0 ? [] : [`.SH ${word(title)}`, ...(lines[0] === '.PP' ? lines.slice(1) : lines)];
}

function synopsis({ name, operands = [] }, group) {
  const words = ['lbctl', ...(group === undefined ? [] : [group]), name].join(' ');
  const rest = ['[options]', ...[operands].flat().map(({ flags }) => flags)].join(' ');
  return [`.B ${word(words)}`, text(rest)];
}

function examplesOf(examples) {
  return examples.flatMap(([line, does]) => ['.PP', `${text(capital(does))}:`, ...code([line])]);
}

function code(lines) {
  return ['.PP', '.RS 4', '.nf', ...lines.map(text), '.fi', '.RE'];
}

function operandsOf({ operands = [] }) {
  return [operands]
    .flat()
    .flatMap(({ flags, summary }) => [
      '.TP',
      `.I ${word(flags.replace(/[<>[\]]/g, ''))}`,
      `${text(capital(summary))}.`,
    ]);
}

function optionsOf(options) {
  return options.flatMap(({ flags, summary, repeats }) => [
    '.TP',
    `.B ${word(flags)}`,
    `${text(capital(summary))}.${repeats ? ' May be repeated.' : ''}`,
  ]);
}

/** Rows of the first table of a document, but for its head. */
function tableOf(page) {
  const rows = page
    .split('\n')
    .filter((line) => /^\| [^|]+\|/.test(line))
    .slice(1);
  return rows.flatMap((row) => {
    const [name, meaning] = row.split(' | ');
    return [
      '.TP',
      `.B ${word(spoken(name.slice(2)))}`,
      `${text(capital(spoken(meaning.replace(/ \|$/, ''))))}.`,
    ];
  });
}

/** Paragraphs and blocks of code of a document, as the start of one on lb.yaml has them. */
function paragraphs(page) {
  return [...page.matchAll(/^```[^\n]*\n(.*?)^```$|(?:^[^\n]+(?:\n|$))+/gms)].flatMap(([whole, block]) =>
    block === undefined
      ? ['.PP', text(spoken(whole.trim().replaceAll('\n', ' ')))]
      : code(block.trimEnd().split('\n')),
  );
}

/** Without the marks of Markdown. */
function spoken(words) {
  return words.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll(/[`*]/g, '');
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Text as roff prints it and nothing else; in ASCII, as systems differ in what they take. */
function plain(words) {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll(
      /[^\0-\x7F]/gu,
      (letter) => `\\[u${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}

/** A line of text, which is no request whatever it begins with. */
function text(words) {
  return plain(words).replace(/^(?=\.)/, '\\&');
}

/** One argument of a request. */
function word(words) {
  return `"${plain(words).replaceAll('"', '\\(dq')}"`;
}
