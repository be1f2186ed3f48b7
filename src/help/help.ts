import type { CommandGroup, CommandSpec, OptionSpec } from '../commands/command.ts';
import { commands, globalOptions } from '../commands/registry.ts';
import { UserError } from '../lib/errors.ts';
import { type HelpPage, renderHelp } from '../lib/ui/help.ts';
import type { Terminal } from '../lib/ui/terminal.ts';
import { closest } from './closest.ts';
import { about, examples } from './program.ts';
import type { ReadDocument } from './topic.ts';
import { topics } from './topics.ts';

type Screen = Pick<Terminal, 'style' | 'width'>;
type Spec = CommandSpec | CommandGroup;

const helpOption: OptionSpec = { flags: '-h, --help', summary: 'show this help' };

/** The words that help is asked for: `pool drain` of `help pool drain` and of `pool drain --help`; or undefined. */
export function helpAsked(words: readonly string[]): readonly string[] | undefined {
  const named = words.filter((word) => !globalOptions.some(({ flags }) => flags === word));
  const [first, ...rest] = named;
  if (first === 'help') return rest.filter((word) => word !== '--help' && word !== '-h');
  if (named.length === 0 || !['--help', '-h'].includes(named.at(-1)!)) return undefined;
  const path = named.slice(0, -1);
  return path.length === 0 || specOf(path) ? path : undefined;
}

/**
 * Tells of all there is, of a command, or of a topic.
 * @throws UserError `usage` where the words name none.
 */
export async function help(words: readonly string[], screen: Screen, read: ReadDocument): Promise<string> {
  const [name, ...rest] = words;
  const topic = topics.find((topic) => topic.name === name);
  const { isKey, topicText } = await import('./topic.ts');
  if (!topic) {
    if (name !== 'help' && words.length > 0 && !specOf(words) && (await isKey(words)))
      throw new UserError(
        'usage',
        'unknown-topic',
        `${words.join(' ')} is no command, but a key of lb.yaml`,
        {
          hint: `lbctl help lb.yaml ${words.join(' ')} shows it`,
        },
      );
    return helpText(words, screen);
  }
  return topicText(topic, rest, screen, read);
}

/** The help of a command, or of all where no words name one. */
export function helpText(words: readonly string[], { style, width }: Screen): string {
  if (words.length === 1 && words[0] === 'help') return renderHelp(HELP, style, width);
  const spec = specOf(words);
  if (words.length > 0 && !spec) throw unknown(words);
  return renderHelp(spec ? pageOf(words.join(' '), spec) : all(), style, width);
}

function specOf([first, ...rest]: readonly string[]): Spec | undefined {
  const spec = commands.find(({ name }) => name === first);
  if (!spec || rest.length === 0) return spec;
  return rest.length === 1 && 'commands' in spec
    ? spec.commands.find(({ name }) => name === rest[0])
    : undefined;
}

function all(): HelpPage {
  return {
    examples,
    usage: 'lbctl COMMAND [options]',
    about,
    lists: [
      { title: 'Commands', rows: commands.map(({ name, summary }) => [name, summary]) },
      {
        title: 'Topics of lbctl help',
        rows: topics.map(({ name, summary }) => [name, summary]),
      },
      {
        title: 'Options',
        rows: rowsOf([
          ...globalOptions,
          { flags: '-V, --version', summary: 'print the version' },
          helpOption,
        ]),
      },
    ],
    more: ['lbctl COMMAND --help shows the examples and options of a command.'],
  };
}

function pageOf(words: string, spec: Spec): HelpPage {
  const isGroup = 'commands' in spec;
  const operands = isGroup ? [] : [spec.operands ?? []].flat();
  const [first] = words.split(' ');
  const related = topics.filter((topic) => topic.commands.includes(first!)).map(({ name }) => name);
  return {
    examples: spec.examples,
    usage: [
      'lbctl',
      words,
      isGroup ? 'COMMAND [options]' : '[options]',
      ...operands.map(({ flags }) => flags),
    ].join(' '),
    about: `${spec.summary.charAt(0).toUpperCase()}${spec.summary.slice(1)}.`,
    lists: [
      { title: 'Commands', rows: isGroup ? spec.commands.map(({ name, summary }) => [name, summary]) : [] },
      {
        title: 'Operands',
        rows: operands.map(({ flags, summary }) => [flags.replaceAll(/[<>[\]]/gu, ''), summary]),
      },
      { title: 'Options', rows: isGroup ? [] : rowsOf([...spec.options, ...globalOptions, helpOption]) },
    ],
    more: [
      ...(isGroup ? [`lbctl ${words} COMMAND --help shows the options of one.`] : []),
      ...(related.length > 0 ? [`See also: ${related.map((name) => `lbctl help ${name}`).join(', ')}`] : []),
    ],
  };
}

const HELP: HelpPage = {
  examples: [
    ['lbctl help', 'list commands and topics'],
    ['lbctl help pool drain', 'show the examples and options of a command'],
    ['lbctl help exit-codes', 'read a topic'],
    ['lbctl help lb.yaml routes.timeout', 'read what a key of lb.yaml means'],
  ],
  usage: 'lbctl help [COMMAND | TOPIC | lb.yaml KEY]',
  about: 'Show the help of a command, or a topic.',
  lists: [{ title: 'Options', rows: rowsOf([...globalOptions, helpOption]) }],
  more: ['lbctl help lists all commands and topics.'],
};

/** Long names stand below each other, whether there is a short one or not. */
function rowsOf(options: readonly OptionSpec[]): (readonly [string, string])[] {
  return options.map(({ flags, summary, repeats = false }) => [
    flags.startsWith('--') ? `    ${flags}` : flags,
    repeats ? `${summary}; may be repeated` : summary,
  ]);
}

function unknown(words: readonly string[]): UserError {
  const [first = '', ...rest] = words;
  const spec = commands.find(({ name }) => name === first);
  const inner = spec && 'commands' in spec ? spec.commands.map(({ name }) => name) : [];
  const close = spec
    ? closest(rest[0]!, inner, (name) => `${first} ${name}`)
    : closest(
        first,
        [...commands, ...topics].map(({ name }) => name),
      );
  const fallback = spec ? `lbctl help ${first} shows what there is` : 'lbctl help lists them';
  return new UserError('usage', 'unknown-topic', `there is no command or topic ${words.join(' ')}`, {
    hint: close === undefined ? fallback : `did you mean ${close}? lbctl help ${close} shows it`,
  });
}
