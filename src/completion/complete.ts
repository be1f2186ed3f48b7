import type { CommandGroup, CommandSpec, OptionSpec } from '../commands/command.ts';
import { commands, globalOptions } from '../commands/registry.ts';
import { topics } from '../help/topics.ts';

/** What may stand at a place of a command line, with what it means. */
export type Candidate = readonly [word: string, meaning: string];

/** What can be typed next. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** What the shell adds by itself. */
  readonly also?: 'files' | 'folders';
}

/** Names that are looked up where the command line is typed. */
export type Live = 'upstream' | 'server' | 'release' | 'rule' | 'context' | 'lb.yaml';

/** Looks names of a kind up; `words` is what stands on the line before. */
export type LookUp = (kind: Live, words: readonly string[]) => Promise<readonly Candidate[]>;

/** What stands in the place of a word in angle or square brackets. */
const PLACES: Readonly<Record<string, Live | 'files' | 'folders'>> = {
  file: 'files',
  path: 'files',
  records: 'files',
  dir: 'folders',
  upstream: 'upstream',
  server: 'server',
  release: 'release',
  rule: 'rule',
  rules: 'rule',
  context: 'context',
};

const NOTHING: Completion = { candidates: [] };

/**
 * What can stand at the end of a command line.
 * @param words behind the name of the program; the last one is what is being typed, and may be empty.
 */
export async function complete(words: readonly string[], lookUp: LookUp): Promise<Completion> {
  const before = words.slice(0, -1);
  // the shell has not taken the quotes off yet
  const typed = (words.at(-1) ?? '').replace(/^["']/u, '');
  const { candidates, also } = await possible(before, typed, lookUp);
  const value = /^--[a-z-]+=(.*)$/su.exec(typed)?.[1] ?? typed;
  const fitting = candidates.filter(([word]) => word.startsWith(value));
  return { candidates: fitting, ...(also ? { also } : {}) };
}

async function possible(before: readonly string[], typed: string, lookUp: LookUp): Promise<Completion> {
  const [first, ...rest] = before;
  if (first === undefined) return typed.startsWith('-') ? flags([HELP, VERSION]) : { candidates: programs() };
  if (first === 'help') return helped(rest, lookUp);
  const spec = commands.find(({ name }) => name === first);
  if (!spec) return NOTHING;
  if (first === 'schema' && !typed.startsWith('-')) return schemas(rest);
  if (!('commands' in spec)) return inCommand(spec, rest, typed, before, lookUp);
  const [second, ...more] = rest;
  if (second === undefined)
    return typed.startsWith('-') ? flags([HELP]) : { candidates: listed(spec.commands) };
  const inner = spec.commands.find(({ name }) => name === second);
  return inner ? inCommand(inner, more, typed, before, lookUp) : NOTHING;
}

const HELP: OptionSpec = { flags: '-h, --help', summary: 'show the help' };
const VERSION: OptionSpec = { flags: '-V, --version', summary: 'print the version' };

function programs(): Candidate[] {
  return [...listed(commands), ['help', 'show the help of a command, or a topic']];
}

function listed(specs: readonly Pick<CommandSpec | CommandGroup, 'name' | 'summary'>[]): Candidate[] {
  return specs.map(({ name, summary }) => [name, summary]);
}

async function helped([first, ...rest]: readonly string[], lookUp: LookUp): Promise<Completion> {
  if (first === undefined) return { candidates: [...listed(commands), ...listed(topics)] };
  if (rest.length > 0) return NOTHING;
  if (first === 'lb.yaml') return { candidates: await lookUp('lb.yaml', []) };
  const spec = commands.find(({ name }) => name === first);
  return { candidates: spec && 'commands' in spec ? listed(spec.commands) : [] };
}

/** Schemas are those of files, and of commands by their words. */
function schemas(given: readonly string[]): Completion {
  const [first, ...more] = given.filter((word) => !word.startsWith('-'));
  const named = commands.find(({ name }) => name === first);
  if (named) return { candidates: 'commands' in named && more.length === 0 ? listed(named.commands) : [] };
  const own = commands.find(({ name }) => name === 'schema')!;
  const files =
    'commands' in own ? [] : [own.operands ?? []].flat().flatMap(({ values: words = [] }) => words);
  // its own is no document of lbctl
  const others = commands.filter((spec) => spec !== own);
  return first === undefined
    ? { candidates: [...files.map((word): Candidate => [word, '']), ...listed(others)] }
    : NOTHING;
}

async function inCommand(
  { options, operands }: CommandSpec,
  words: readonly string[],
  typed: string,
  line: readonly string[],
  lookUp: LookUp,
): Promise<Completion> {
  const all = [...options, ...globalOptions, HELP];
  const given = new Set<string>();
  const found: string[] = [];
  let isOpen = true;
  let pending: OptionSpec | undefined;
  for (const word of words) {
    if (pending) pending = undefined;
    else if (word === '--') isOpen = false;
    else if (isOpen && word.startsWith('-') && word !== '-') {
      const option = all.find(({ flags }) => namesOf(flags).includes(word));
      given.add(option?.flags ?? word);
      // a value that may be left out is one only if it does not look like an option
      if (option?.flags.endsWith('>')) pending = option;
    } else found.push(word);
  }
  if (pending) return values(pending, typed, line, lookUp);
  const [, named] = /^(--[a-z-]+)=/u.exec(typed) ?? [];
  const assigned = named === undefined ? undefined : all.find(({ flags }) => namesOf(flags).includes(named));
  if (isOpen && assigned) return values(assigned, typed.slice(typed.indexOf('=') + 1), line, lookUp);
  const left = all.filter(({ flags, repeats = false }) => repeats || !given.has(flags));
  if (isOpen && typed.startsWith('-')) return flags(left);
  const places = [operands ?? []].flat();
  const place = places[found.length] ?? places.findLast(({ flags }) => flags.includes('...'));
  if (!place) return isOpen && typed === '' ? flags(left) : NOTHING;
  const { candidates, also } = await values(place, typed, line, lookUp);
  return {
    candidates: candidates.filter(([word]) => !found.includes(word)),
    ...(also ? { also } : {}),
  };
}

/** What may stand for a value; of those that are parted by commas, the last one is being typed. */
async function values(
  { flags, values: words }: OptionSpec,
  typed: string,
  line: readonly string[],
  lookUp: LookUp,
): Promise<Completion> {
  if (words) return { candidates: words.map((word) => [word, '']) };
  const [, name = ''] = /[<[]([a-z]+)/u.exec(flags) ?? [];
  const kind = PLACES[name];
  if (kind === undefined) return NOTHING;
  if (kind === 'files' || kind === 'folders') return { candidates: [], also: kind };
  const candidates = await lookUp(kind, line);
  if (kind !== 'rule') return { candidates };
  const start = name === 'rules' ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
  const last = typed.slice(start.length);
  // the family may be left out, but there are too many names to show them twice
  const isShort = last !== '' && !candidates.some(([id]) => id.startsWith(last));
  return {
    candidates: candidates.map(([id, meaning]) => [
      start + (isShort ? id.slice(id.indexOf('/') + 1) : id),
      meaning,
    ]),
  };
}

function flags(options: readonly OptionSpec[]): Completion {
  return { candidates: options.map(({ flags, summary }) => [namesOf(flags).at(-1)!, summary]) };
}

/** The names of an option, the long one last. */
function namesOf(flags: string): string[] {
  return flags.match(/(?<=^|, )--?[A-Za-z-]+/gu) ?? [];
}
