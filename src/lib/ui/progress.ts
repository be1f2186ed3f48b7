import type { Ora } from 'ora';
import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

interface ProgressInput {
  /** `--yes`: every question is answered with yes. */
  readonly yes: boolean;
}

/** A spinner on stderr. */
export async function newSpinner({ unicode }: Pick<Terminal, 'unicode'>): Promise<Ora> {
  const { default: ora } = await import('ora');
  return ora({ stream: process.stderr, discardStdin: false, ...(unicode ? {} : { spinner: 'line' }) });
}

/** A text beside the sign of a spinner, which would cut words. */
function beside(text: string, { noteColumns }: Terminal): string {
  return wrap(text, noteColumns - 1, '- ', '  ')
    .join('\n')
    .slice(2);
}

/** Runs `work` with an `Io` that shows its progress on stderr: a spinner on a live terminal, elsewhere a line an event. */
export async function withProgress<Result>(
  terminal: Terminal,
  { yes }: ProgressInput,
  work: (io: Io) => Promise<Result>,
): Promise<Result> {
  const style = terminal.noteStyle;
  const symbols = {
    done: style.green('✓'),
    failed: style.red('✗'),
    info: style.dim('·'),
    warn: style.yellow('!'),
  };
  const spinner = terminal.live ? await newSpinner(terminal) : undefined;
  /** The step that is at work where no spinner shows it, and one that has ended since. */
  let [open, ended]: (string | undefined)[] = [];
  const io: Io = {
    notify({ kind, text }) {
      if (kind === 'start') {
        if (spinner) spinner.start(beside(text, terminal));
        else terminal.note(`… ${text}`);
        [open, ended] = [text, undefined];
        return;
      }
      // the next one tells that it has ended
      if (!spinner && kind === 'done' && text === open) {
        ended = text;
        return;
      }
      const interrupted =
        spinner?.isSpinning === true && (kind === 'info' || kind === 'warn') ? spinner.text : undefined;
      spinner?.stop();
      if (kind === 'done' || kind === 'failed') ended = undefined;
      terminal.note(`${symbols[kind]} ${text}`);
      if (interrupted !== undefined) spinner?.start(interrupted);
    },
    async confirm(question) {
      if (yes) return true;
      if (!terminal.interactive) {
        throw new UserError('usage', 'needs-yes', `there is no terminal to ask: ${question}`, {
          hint: 'pass --yes to answer yes',
        });
      }
      spinner?.stop();
      const { askYesOrNo } = await import('./prompts.ts');
      return askYesOrNo(question, terminal);
    },
  };
  try {
    const result = await work(io);
    if (ended !== undefined) terminal.note(`${symbols.done} ${ended}`);
    return result;
  } finally {
    // a step that an error cut short would leave it turning, and the program running
    spinner?.stop();
  }
}
