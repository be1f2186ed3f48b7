import type { CommandSpec, OptionSpec } from './commands/command.ts';

/** What a command line says: what stands behind the command, and options by their names in camel case. */
export interface PlainArguments {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean>>;
  /** Values of options that may be repeated. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads a command line that is written out plainly, as commander would, which takes longer to load than a small file to
 * look through. Undefined where it holds anything else than operands, long options and their values: then commander
 * reads it, and says what is wrong with it.
 */
export function plainArguments(
  { options: own, operands }: CommandSpec,
  global: readonly OptionSpec[],
  words: readonly string[],
): PlainArguments | undefined {
  const specs = [...own, ...global].filter(({ repeats }) => !repeats).map(({ flags }) => flags);
  const args: string[] = [];
  const options: Record<string, string | boolean> = {};
  for (const flags of specs) {
    const name = nameOf(flags);
    // what can only be turned off is on
    if (name.startsWith('no-') && !specs.some((other) => nameOf(other) === name.slice(3)))
      options[camelCase(name.slice(3))] = true;
  }
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith('-') || word === '-') {
      args.push(word);
      continue;
    }
    const flags = word.startsWith('--') ? specs.find((one) => nameOf(one) === word.slice(2)) : undefined;
    if (flags === undefined || flags.endsWith(']')) return undefined;
    const name = word.slice(2);
    if (flags.endsWith('>')) {
      const value = words[++at];
      if (value === undefined) return undefined;
      options[camelCase(name)] = value;
    } else if (name.startsWith('no-')) options[camelCase(name.slice(3))] = false;
    else options[camelCase(name)] = true;
  }
  return fits(args.length, [operands ?? []].flat()) ? { args, options, lists: {} } : undefined;
}

/** The long name of an option: `out` of `-o, --out <dir>`. */
function nameOf(flags: string): string {
  const start = flags.indexOf('--') + 2;
  const end = flags.indexOf(' ', start);
  return flags.slice(start, end < 0 ? undefined : end);
}

function camelCase(name: string): string {
  return name
    .split('-')
    .map((part, index) => (index === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('');
}

/** Whether there are as many operands as a command takes: `<needed>`, `[optional]`, `[any...]`. */
function fits(count: number, operands: readonly OptionSpec[]): boolean {
  const least = operands.filter(({ flags }) => flags.startsWith('<')).length;
  const isOpen = operands.some(({ flags }) => flags.includes('...'));
  return count >= least && (isOpen || count <= operands.length);
}
