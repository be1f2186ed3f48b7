import { Command, CommanderError, Option } from 'commander';
import { type CommandSpec, commands, globalOptions } from './commands/registry.ts';
import { Aborted, UserError } from './lib/errors.ts';
import { errorDocument, renderError } from './lib/ui/errors.ts';
import { createTerminal } from './lib/ui/terminal.ts';

declare const LBCTL_VERSION: string;

const EXIT = { usage: 2, input: 2, failed: 3, denied: 4, interrupted: 130 } as const;

const flags = new Set(process.argv.slice(2));
const terminal = createTerminal({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  json: flags.has('--json'),
  color: !flags.has('--no-color'),
});

/** Exit code of a failed run, after telling why. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof Aborted) {
    terminal.note(error.message);
    return EXIT.interrupted;
  }
  terminal.note(renderError(error, terminal.noteStyle, flags.has('--debug')));
  if (terminal.json) terminal.printJson(errorDocument(error));
  return error instanceof UserError ? EXIT[error.kind] : EXIT.failed;
}

function examplesOf({ examples }: CommandSpec): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, does]) => `  ${command.padEnd(width)}  ${does}`);
  return ['Examples:', ...lines, ''].join('\n');
}

function declare(program: Command, spec: CommandSpec): void {
  const command = program.command(spec.name).summary(spec.summary).description(spec.summary);
  command.addHelpText('before', examplesOf(spec));
  for (const { flags, summary } of [...spec.options, ...globalOptions])
    command.addOption(new Option(flags, summary));
  command.action(async () => {
    const { run } = await spec.load();
    process.exitCode = await run({
      args: command.args,
      options: command.opts(),
      terminal,
      cwd: process.cwd(),
      env: process.env,
    });
  });
}

const program = new Command('lbctl')
  .description('NGINX load balancers on AWS from one file: generate, check, run and change them safely')
  .version(LBCTL_VERSION, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'show this help')
  .showSuggestionAfterError()
  .exitOverride();
for (const spec of commands) declare(program, spec);

// A reader that has seen enough (`lbctl generate | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
