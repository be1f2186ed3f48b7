import { fstatSync, writeSync } from 'node:fs';
import type { CommandSpec, Outcome } from './commands/command.ts';
import { commands, globalOptions } from './commands/registry.ts';
import { directOutput } from './direct-output.ts';
import { whenSlow } from './lib/aws/slow.ts';
import { Aborted, reasonOf, UserError } from './lib/errors.ts';
import { errorDocument, renderError } from './lib/ui/errors.ts';
import { createTerminal, type Terminal } from './lib/ui/terminal.ts';
import { type PlainArguments, plainArguments } from './plain-arguments.ts';

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
      terminal.note(`${terminal.noteStyle.red('error:')} cannot write the output: ${reasonOf(error)}`);
      // whatever the command itself makes of its run
      process.on('exit', failAtEnd);
    });
  });
  // there is nowhere left to tell it
  const errStream = once(() => process.stderr.on('error', () => undefined));
  const stdout = once(() => (isDevice(1) ? outStream() : directOutput(1, outStream)));
  const stderr = once(() => (isDevice(2) ? errStream() : directOutput(2, errStream)));
  if (process.argv[2] === '__complete') {
    const { answer } = await import('./completion/answer.ts');
    const text = await answer(process.argv.slice(3), process.cwd(), env);
    try {
      writeSync(1, text);
    } catch {
      // a shell that waits no more
    }
    return 0;
  }
  const terminal = await createTerminal({
    stdin: () => process.stdin,
    stdout,
    stderr,
    env,
    json,
    color: !flags.has('--no-color'),
  });
  // a line of its own, also where a spinner turns
  whenSlow((text) => terminal.note(`${terminal.live ? '\r\u001B[K' : ''}… ${text}`));
  let outcome: Outcome = 0;
  const run = async (command: CommandSpec, given: PlainArguments): Promise<void> => {
    outcome = await runCommand(command, given, terminal);
  };
  try {
    const words = process.argv.slice(2);
    const command = commands.find(({ name }) => name === words[0]);
    const given =
      command && 'load' in command ? plainArguments(command, globalOptions, words.slice(1)) : undefined;
    if (given) {
      await run(command as CommandSpec, given);
      return outcome;
    }
    const { help, helpAsked } = await import('./help/help.ts');
    const asked = helpAsked(words);
    if (asked) {
      const { readDocument } = await import('./lib/source/package-files.ts');
      const text = await help(asked, terminal, readDocument);
      if (json) terminal.printJson({ text });
      else terminal.print(text);
      return 0;
    }
    const { commandLine } = await import('./command-line.ts');
    const code = await commandLine({
      words,
      terminal,
      run,
    });
    return code === undefined ? outcome : code === 0 ? 0 : EXIT.usage;
  } catch (error) {
    return report(error, terminal, flags.has('--debug'));
  }
}

function failAtEnd(): void {
  process.exitCode = EXIT.failed;
}

async function runCommand(command: CommandSpec, given: PlainArguments, terminal: Terminal): Promise<Outcome> {
  const { run } = await command.load();
  const { cwd, env } = process;
  const closers: (() => Promise<void>)[] = [];
  const atEnd = (close: () => Promise<void>): void => void closers.push(close);
  try {
    return await run({ ...given, terminal, cwd: cwd(), env, atEnd });
  } finally {
    for (const close of closers) await close();
  }
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
function report(thrown: unknown, terminal: Terminal, debug: boolean): number {
  if (thrown instanceof Aborted) {
    terminal.note(thrown.message);
    return EXIT.interrupted;
  }
  const error = ofDisk(thrown) ?? thrown;
  terminal.note(renderError(error, terminal.noteStyle, debug, terminal.noteColumns));
  if (terminal.json) terminal.printJson(errorDocument(error));
  return error instanceof UserError ? EXIT[error.kind] : EXIT.failed;
}

/** What the system may refuse to do with any file: no defect, even where nothing better is known to say of it. */
const OF_DISK = new Set(['EACCES', 'EDQUOT', 'EISDIR', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'EROFS']);

function ofDisk(error: unknown): UserError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', syscall = '', path, stack } = error as NodeJS.ErrnoException;
  if (syscall === 'uv_cwd')
    return new UserError('input', 'folder-gone', 'the folder that you are in is no longer there', {
      hint: 'cd to one that is',
      cause: error,
    });
  if (path === undefined || !OF_DISK.has(code) || syscall.startsWith('spawn')) return undefined;
  const told = new UserError('failed', 'system-refused', `cannot ${syscall} ${path}: ${reasonOf(error)}`, {
    cause: error,
  });
  return Object.assign(told, { stack });
}

function end(code: number): void {
  process.exitCode = code;
  // what only looked when it was stopped is not waited for
  // oxlint-disable-next-line unicorn/no-process-exit
  if (code === EXIT.interrupted) process.exit();
}

void main().then(end);
