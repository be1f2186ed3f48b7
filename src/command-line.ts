import { Command, CommanderError, Option } from 'commander';
import type { CommandGroup, CommandSpec } from './commands/command.ts';
import { commands, globalOptions } from './commands/registry.ts';
import { UserError } from './lib/errors.ts';
import { LBCTL_VERSION } from './lib/version.ts';
import type { PlainArguments } from './plain-arguments.ts';

interface CommandLine {
  /** What stands behind the name of the program. */
  readonly words: readonly string[];
  /** Runs the command that is named. */
  readonly run: (command: CommandSpec, given: PlainArguments) => Promise<void>;
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

/**
 * Reads the command line with commander, and runs what it names, or tells of what there is.
 * @returns the exit code of commander itself; undefined where a command has run.
 * @throws UserError `usage` where something is wrong with it.
 */
export async function commandLine({
  words: given,
  run,
  writeOut,
  writeErr,
}: CommandLine): Promise<number | undefined> {
  const words = plainWords(given);
  const program = new Command('lbctl')
    .description('NGINX load balancers on AWS from one file: generate, check, run and change them safely')
    .version(LBCTL_VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show this help, or that of a command')
    .showSuggestionAfterError()
    // what is wrong is told as all errors are
    .configureOutput({ writeOut, writeErr, outputError: () => undefined })
    .exitOverride();
  // for a command that is named first the others need not be known
  const named = commands.filter(({ name }) => name === words[0]);
  for (const spec of named.length > 0 ? named : commands) declare(program, spec, run);
  try {
    await program.parseAsync(words, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || error.code === 'commander.help') return error.exitCode;
    throw wrongUsage(error, words);
  }
}

/** `help pool drain` is `pool drain --help`; and what is no command has no help. */
function plainWords(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words;
  if (first === 'help') return plainWords([...rest, '--help']);
  const isWord = first !== '' && !first.startsWith('-');
  return isWord && !commands.some(({ name }) => name === first) ? [first] : words;
}

function wrongUsage({ code, message }: CommanderError, words: readonly string[]): UserError {
  const [, says = message, suggestion] =
    /^(?:error: )?(.*?)\.?(?:\n\(Did you mean (.*)\?\))?$/su.exec(message.trim()) ?? [];
  const name = code.replace('commander.', '').replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  const hint = suggestion
    ? `did you mean ${suggestion}?`
    : `${['lbctl', ...named(words), '--help'].join(' ')} shows what there is`;
  return new UserError('usage', name, says, { hint });
}

/** The command that the words begin with: `pool drain` of `pool drain --nope`. */
function named([first, second]: readonly string[]): string[] {
  const spec = commands.find(({ name }) => name === first);
  if (!spec) return [];
  const isInner = 'commands' in spec && spec.commands.some(({ name }) => name === second);
  return isInner ? [spec.name, second!] : [spec.name];
}

function declare(program: Command, spec: CommandSpec | CommandGroup, run: CommandLine['run']): void {
  const command = program.command(spec.name).summary(spec.summary).description(spec.summary);
  command.addHelpText('before', () => examplesOf(spec));
  if ('commands' in spec) {
    command.helpCommand(false);
    for (const inner of spec.commands) declare(command, inner, run);
    return;
  }
  for (const { flags, summary } of [spec.operands ?? []].flat()) command.argument(flags, summary);
  const lists: Record<string, string[]> = {};
  for (const { flags, summary, repeats = false } of [...spec.options, ...globalOptions]) {
    const option = new Option(flags, summary);
    if (repeats) option.argParser((value) => void (lists[option.attributeName()] ??= []).push(value));
    command.addOption(option);
  }
  command.action(() => run(spec, { args: command.args, options: command.opts(), lists }));
}

function examplesOf({ examples }: Pick<CommandSpec, 'examples'>): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, does]) => `  ${command.padEnd(width)}  ${does}`);
  return ['Examples:', ...lines, ''].join('\n');
}
