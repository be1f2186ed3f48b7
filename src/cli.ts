import { fstatSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import type { CommandGroup, CommandSpec, Outcome } from './commands/command.ts';
import { commands, globalOptions } from './commands/registry.ts';
import { directOutput } from './direct-output.ts';
import { Aborted, UserError } from './lib/errors.ts';
import { errorDocument, renderError } from './lib/ui/errors.ts';
import { createTerminal, type Terminal } from './lib/ui/terminal.ts';
import { LBCTL_VERSION } from './lib/version.ts';

const EXIT = { usage: 2, input: 2, failed: 3, denied: 4, interrupted: 130 } as const;

/** Runs the command line and gives the exit code. */
async function main(): Promise<number> {
  // Known before the command line is read, as that can fail too.
  const flags = new Set(process.argv.slice(2));
  const { env } = process;
  const json = flags.has('--json');
  const outStream = once(() => {
    // A reader that has seen enough (`lbctl generate | head`) is no failure.
    return process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || process.listeners('exit').includes(failAtEnd)) return;
      terminal.note(`${terminal.noteStyle.red('error:')} cannot write the output: ${error.message}`);
      // whatever the command itself makes of its run
      process.on('exit', failAtEnd);
    });
  });
  // there is nowhere left to tell it
  const errStream = once(() => process.stderr.on('error', () => undefined));
  const stdout = once(() => (isDevice(1) ? outStream() : directOutput(1, outStream)));
  const stderr = once(() => (isDevice(2) ? errStream() : directOutput(2, errStream)));
  const terminal = await createTerminal({
    stdin: () => process.stdin,
    stdout,
    stderr,
    env,
    json,
    color: !flags.has('--no-color'),
  });
  let outcome: Outcome = 0;
  const program = new Command('lbctl')
    .description('NGINX load balancers on AWS from one file: generate, check, run and change them safely')
    .version(LBCTL_VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void stdout().write(text),
      writeErr: (text) => void stderr().write(text),
    })
    .exitOverride();
  // for a command that is named first the others need not be known
  const named = commands.filter(({ name }) => name === process.argv[2]);
  for (const spec of named.length > 0 ? named : commands)
    declare(program, spec, terminal, (result) => (outcome = result));
  try {
    await program.parseAsync();
    return outcome;
  } catch (error) {
    return report(error, terminal, flags.has('--debug'));
  }
}

function failAtEnd(): void {
  process.exitCode = EXIT.failed;
}

function declare(
  program: Command,
  spec: CommandSpec | CommandGroup,
  terminal: Terminal,
  finish: (outcome: Outcome) => void,
): void {
  const command = program.command(spec.name).summary(spec.summary).description(spec.summary);
  command.addHelpText('before', () => examplesOf(spec));
  if ('commands' in spec) {
    command.helpCommand(false);
    for (const inner of spec.commands) declare(command, inner, terminal, finish);
    return;
  }
  for (const { flags, summary } of [spec.operands ?? []].flat()) command.argument(flags, summary);
  const lists: Record<string, string[]> = {};
  for (const { flags, summary, repeats = false } of [...spec.options, ...globalOptions]) {
    const option = new Option(flags, summary);
    if (repeats) option.argParser((value) => void (lists[option.attributeName()] ??= []).push(value));
    command.addOption(option);
  }
  command.action(async () => {
    const { run } = await spec.load();
    const { cwd, env } = process;
    const closers: (() => Promise<void>)[] = [];
    const atEnd = (close: () => Promise<void>): void => void closers.push(close);
    try {
      const options = command.opts();
      finish(await run({ args: command.args, options, lists, terminal, cwd: cwd(), env, atEnd }));
    } finally {
      for (const close of closers) await close();
    }
  });
}

function examplesOf({ examples }: Pick<CommandSpec, 'examples'>): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, does]) => `  ${command.padEnd(width)}  ${does}`);
  return ['Examples:', ...lines, ''].join('\n');
}

function isDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    // closed, or a system where this cannot be asked
    return true;
  }
}

/** Calls a function the first time, and gives the same afterwards. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Tells why a run failed and gives its exit code. */
function report(error: unknown, terminal: Terminal, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof Aborted) {
    terminal.note(error.message);
    return EXIT.interrupted;
  }
  terminal.note(renderError(error, terminal.noteStyle, debug));
  if (terminal.json) terminal.printJson(errorDocument(error));
  return error instanceof UserError ? EXIT[error.kind] : EXIT.failed;
}

void main().then((code) => (process.exitCode = code));
