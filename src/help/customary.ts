import type { CommandGroup, CommandSpec } from '../commands/command.ts';

/** What other tools call it, or people at first. */
const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['validate', 'did you mean lint?'],
  ['check', 'did you mean lint?'],
  ['test', 'did you mean lint?'],
  ['start', 'did you mean up?'],
  ['apply', 'did you mean up?'],
  ['stop', 'did you mean down?'],
  ['destroy', 'did you mean down?'],
  ['reload', 'did you mean deploy?'],
  ['restart', 'did you mean deploy?'],
  [
    'logs',
    'lbctl status shows the latest errors; on this machine all logs are in .lbctl/NAME/logs beside lb.yaml',
  ],
]);

/** Commands that show what another one would do. */
const REHEARSALS: ReadonlyMap<string, string> = new Map([
  ['up', 'lbctl plan'],
  ['deploy', 'lbctl diff'],
  ['dns apply', 'lbctl dns plan'],
  ['alarms apply', 'lbctl alarms plan'],
]);

/** What a command line is that follows the custom of other tools, or of a neighbouring command. */
interface Line {
  readonly words: readonly string[];
  /** The command that it names, such as `pool drain`; empty where it names none. */
  readonly name: string;
  readonly spec: CommandSpec | CommandGroup | undefined;
}

/**
 * What to type instead, as a hint; undefined where no custom is known that leads there.
 * @param code of what is wrong, such as `unknown-option`.
 * @param wrong the word that is.
 */
export function customary(code: string, wrong: string, line: Line): string | undefined {
  if (code === 'unknown-command') return line.name === '' ? COMMANDS.get(wrong) : undefined;
  if (code === 'unknown-option') return wrong === '--dry-run' ? rehearsal(line.name) : undefined;
  if (code === 'excess-arguments') return asOption(line);
  return code === 'missing-argument' ? upstreamFirst(line) : undefined;
}

function rehearsal(name: string): string | undefined {
  const shows = REHEARSALS.get(name);
  return shows === undefined ? undefined : `${shows} shows what lbctl ${name} would do`;
}

/** What stands behind the name of the command. */
function rest({ words, name }: Line): readonly string[] {
  return words.slice(name.split(' ').length);
}

/** A word that this command takes as an option, where others take it as it is. */
function asOption(line: Line): string | undefined {
  const { name, spec } = line;
  const words = rest(line);
  const takes = (flag: string): boolean => spec?.options.some(({ flags }) => flags.includes(flag)) ?? false;
  const written = (word: string, option: string): string =>
    `lbctl ${name} ${words.map((one) => (one === word ? `${option} ${word}` : one)).join(' ')}`;
  const [first = ''] = words;
  const file = words.find((word) => /\.ya?ml$/u.test(word));
  if (file !== undefined && takes('--file')) return written(file, '--file');
  if (/^[^-].*\.[a-z]+\.?$/u.test(first) && takes('--zone')) return written(first, '--zone');
  if (takes('--upstream') && !first.startsWith('-'))
    return `lbctl ${name} ${[...words.slice(1), '--upstream', first].join(' ')}`;
  return undefined;
}

function upstreamFirst(line: Line): string | undefined {
  const [server, ...others] = rest(line);
  const isServer = server !== undefined && /[.:]/u.test(server);
  if (!isServer || !['pool add', 'pool remove'].includes(line.name)) return undefined;
  return `the upstream comes first: lbctl ${[line.name, 'UPSTREAM', server, ...others].join(' ')}`;
}
