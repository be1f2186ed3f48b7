import type { Terminal } from '../lib/ui/terminal.ts';

/** 0: done; 1: a check found something. Failures are thrown, and `cli.ts` turns them into 2, 3, 4 or 130. */
export type Outcome = 0 | 1;

/** What a command is given: its arguments and the world it may touch. */
export interface Invocation {
  readonly args: readonly string[];
  /** By long name in camel case; a flag is `true`, one with a value a string. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Values of options that may be given several times, in their order. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly terminal: Terminal;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Has something done when the command has ended, well or not. */
  atEnd(close: () => Promise<void>): void;
}

interface CommandModule {
  run(invocation: Invocation): Promise<Outcome>;
  /** Does at the end of a run what most runs do, of which the compiled code is kept; for those that scripts/build.js packs. */
  rehearse?(): void;
}

export interface OptionSpec {
  /** In commander's notation, such as `-o, --out <dir>`. */
  readonly flags: string;
  readonly summary: string;
  /** Whether it may be given several times. */
  readonly repeats?: boolean;
  /** All words that it takes, where those can be listed. */
  readonly values?: readonly string[];
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** Command line and what it does; shown first in the help and run by the tests. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  /** What may stand behind the options, in commander's notation, such as `[file...]`; nothing when left out. */
  readonly operands?: OptionSpec | readonly OptionSpec[];
  readonly options: readonly OptionSpec[];
  readonly load: () => Promise<CommandModule>;
}

/** Commands that share their first word. */
export interface CommandGroup extends Omit<CommandSpec, 'load' | 'operands'> {
  readonly commands: readonly CommandSpec[];
}
