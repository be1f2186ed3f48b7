import { Command, CommanderError, Option } from 'commander';
import type { CommandGroup, CommandSpec } from './commands/command.ts';
import { commands, globalOptions } from './commands/registry.ts';
import { closest } from './help/closest.ts';
import { customary } from './help/customary.ts';
import { helpText } from './help/help.ts';
import { UserError } from './lib/errors.ts';
import type { Terminal } from './lib/ui/terminal.ts';
import { LBCTL_VERSION } from './lib/version.ts';
import type { PlainArguments } from './plain-arguments.ts';

interface CommandLine {
  /** What stands behind the name of the program. */
  readonly words: readonly string[];
  readonly terminal: Pick<Terminal, 'json' | 'style' | 'width' | 'print' | 'printJson' | 'note'>;
  /** Runs the command that is named. */
  readonly run: (command: CommandSpec, given: PlainArguments) => Promise<void>;
}

/**
 * Reads the command line with commander, and runs what it names, or tells of what there is.
 * @returns the exit code of commander itself; undefined where a command has run.
 * @throws UserError `usage` where something is wrong with it.
 */
export async function commandLine({ words: given, terminal, run }: CommandLine): Promise<number | undefined> {
  const words = plainWords(inOrder(given));
  if (terminal.json && isGroup(words)) throw withoutCommand(words);
  const program = helped(new Command('lbctl'), [], terminal)
    .version(LBCTL_VERSION, '-V, --version', 'print the version')
    .helpCommand(false)
    .showSuggestionAfterError(false)
    // what is wrong is told as all errors are
    .configureOutput({
      writeOut: (text) =>
        terminal.json ? terminal.printJson({ text: text.trimEnd() }) : terminal.print(text),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: () => undefined,
    })
    .exitOverride();
  // for a command that is named first the others need not be known
  const named = commands.filter(({ name }) => name === words[0]);
  for (const spec of named.length > 0 ? named : commands)
    declare(program, spec, [spec.name], { terminal, run });
  try {
    await program.parseAsync(words, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || error.code === 'commander.help') return error.exitCode;
    throw wrongUsage(error, words);
  }
}

/** Options that all commands take may stand before the command, too: they come behind its name, or go where there is none. */
function inOrder(words: readonly string[]): readonly string[] {
  const isGlobal = (word: string): boolean => globalOptions.some(({ flags }) => flags === word);
  let end = 0;
  const path: string[] = [];
  while (isGroup(path) && end < words.length && (isGlobal(words[end]!) || !words[end]!.startsWith('-'))) {
    if (!isGlobal(words[end]!)) path.push(words[end]!);
    end++;
  }
  const rest = words.slice(end);
  const flags = words.slice(0, end).filter(isGlobal);
  return isGroup(path) ? [...path, ...rest] : [...path, ...flags, ...rest];
}

/** Whether another word has to follow: there is none, or it stands for several commands. */
function isGroup(path: readonly string[]): boolean {
  const [first, ...rest] = path;
  return (
    first === undefined ||
    (rest.length === 0 && commands.some((one) => one.name === first && 'commands' in one))
  );
}

function withoutCommand(path: readonly string[]): UserError {
  const name = ['lbctl', ...path].join(' ');
  return new UserError('usage', 'missing-command', `${name} needs a command`, {
    hint: `${name} --help lists them`,
  });
}

/** What is no command is told as such, whatever stands behind it. */
function plainWords(words: readonly string[]): readonly string[] {
  const [first = ''] = words;
  const isWord = first !== '' && !first.startsWith('-');
  return isWord && !commands.some(({ name }) => name === first) ? [first] : words;
}

function wrongUsage({ code, message }: CommanderError, words: readonly string[]): UserError {
  const says = message
    .trim()
    .replace(/^error: /u, '')
    .replace(/\.$/u, '')
    .replace(/arguments for '(.*)'\. Expected (\d+) .* got (\d+)$/u, tooMany);
  const name = code.replace('commander.', '').replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  const [, wrong = ''] = /'([^']*)'/u.exec(says) ?? [];
  const plain = withoutFile(wrong, words);
  if (plain !== undefined) {
    const hint = `${words[0]} takes files without ${wrong}: ${plain}`;
    return new UserError('usage', name, says, { hint });
  }
  const path = named(words);
  const spec = specOf(path);
  const custom = customary(name, wrong, { words, name: path.join(' '), spec });
  if (custom !== undefined) return new UserError('usage', name, says, { hint: custom });
  const meant = name.startsWith('unknown-') ? meantBy(wrong, name, words) : undefined;
  const hint =
    meant === undefined
      ? `${['lbctl', ...path, '--help'].join(' ')} shows what there is`
      : `did you mean ${meant}?`;
  return new UserError('usage', name, says, { hint });
}

function tooMany(_: string, name: string, most: string, got: string): string {
  return `operands for ${name}: ${got}, where it takes ${most === '0' ? 'none' : most}`;
}

/** `lbctl lint lb.yaml` of `lbctl lint -f lb.yaml`, as other commands are given theirs; undefined where it is none of that. */
function withoutFile(wrong: string, [name, ...rest]: readonly string[]): string | undefined {
  const spec = commands.find((one) => one.name === name);
  const takesFiles =
    spec &&
    'load' in spec &&
    [spec.operands ?? []].flat().some(({ flags }) => /^\[(?:file|path)\.{3}/u.test(flags));
  const isFile = wrong === '-f' || wrong === '--file' || wrong.startsWith('--file=');
  if (!takesFiles || !isFile) return undefined;
  const words = rest.flatMap((word) =>
    word.startsWith('--file=') ? [word.slice('--file='.length)] : [word],
  );
  return ['lbctl', name, ...words.filter((word) => word !== '-f' && word !== '--file')].join(' ');
}

/** What could have been meant by something unknown; for a command that needs another word before it, both. */
function meantBy(wrong: string, kind: string, words: readonly string[]): string | undefined {
  const spec = commands.find(({ name }) => name === words[0]);
  const inner = spec && 'commands' in spec ? spec.commands : undefined;
  if (kind === 'unknown-option') {
    const options = (inner?.find(({ name }) => name === words[1]) ?? spec)?.options ?? [];
    if (wrong === '-v' && !spec) return '-V';
    const flags = [...options, ...globalOptions].flatMap(({ flags }) => flags.match(/--[a-z-]+/gu) ?? []);
    return closest(wrong, [...flags, '--help']);
  }
  if (inner) return closest(wrong, namesOf(inner));
  const group = commands.find((one) => 'commands' in one && namesOf(one.commands).includes(wrong));
  return group ? `${group.name} ${wrong}` : closest(wrong, [...namesOf(commands), 'help', '--version']);
}

function namesOf(specs: readonly { readonly name: string }[]): string[] {
  return specs.map(({ name }) => name);
}

/** The command that the words begin with: `pool drain` of `pool drain --nope`. */
function named([first, second]: readonly string[]): string[] {
  const spec = commands.find(({ name }) => name === first);
  if (!spec) return [];
  const isInner = 'commands' in spec && spec.commands.some(({ name }) => name === second);
  return isInner ? [spec.name, second!] : [spec.name];
}

function specOf([first, second]: readonly string[]): CommandSpec | CommandGroup | undefined {
  const spec = commands.find(({ name }) => name === first);
  if (second === undefined || !spec || !('commands' in spec)) return spec;
  return spec.commands.find(({ name }) => name === second);
}

function declare(
  program: Command,
  spec: CommandSpec | CommandGroup,
  path: readonly string[],
  given: Pick<CommandLine, 'terminal' | 'run'>,
): void {
  const command = helped(program.command(spec.name), path, given.terminal);
  if ('commands' in spec) {
    command.helpCommand(false);
    for (const inner of spec.commands) declare(command, inner, [...path, inner.name], given);
    return;
  }
  for (const { flags, summary } of [spec.operands ?? []].flat()) command.argument(flags, summary);
  const lists: Record<string, string[]> = {};
  for (const { flags, summary, repeats = false } of [...spec.options, ...globalOptions]) {
    const option = new Option(flags, summary);
    if (repeats) option.argParser((value) => void (lists[option.attributeName()] ??= []).push(value));
    command.addOption(option);
  }
  command.action(() => given.run(spec, { args: command.args, options: command.opts(), lists }));
}

/** Has a command show our own help. */
function helped(command: Command, path: readonly string[], terminal: CommandLine['terminal']): Command {
  command.helpInformation = () => `${helpText(path, terminal)}\n`;
  return command;
}
