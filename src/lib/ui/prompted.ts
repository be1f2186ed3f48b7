import { createPromptModule } from 'inquirer';
import { Aborted } from '../errors.ts';

interface Manner {
  /** Whether Esc leads back to what was before. */
  readonly goesBack?: boolean;
  /** What is said to who does not want to answer. */
  readonly stopped?: string;
}

/**
 * Asks on the terminal, by stderr. Esc gives undefined where it leads back.
 * @throws Aborted on Ctrl-C, and on Ctrl-D, which closes the input.
 */
export async function prompted<Answer>(
  ask: (prompt: ReturnType<typeof createPromptModule>) => Promise<{ readonly answer: Answer }>,
  { goesBack = false, stopped }: Manner = {},
): Promise<Answer | undefined> {
  const going = new AbortController();
  let isBack = false;
  const onKey = (_: unknown, key?: { readonly name?: string }): void => {
    if (!goesBack || key?.name !== 'escape') return;
    isBack = true;
    going.abort();
  };
  // inquirer does not tell that nobody can answer any more; after an answer it is not heard
  const onPause = (): void => void setImmediate(() => going.abort());
  // it is inquirer, too, that makes keys of what stdin brings
  process.stdin.on('keypress', onKey).on('pause', onPause);
  try {
    const { answer } = await ask(createPromptModule({ output: process.stderr, signal: going.signal }));
    return answer;
  } catch (error) {
    if (!(error instanceof Error && /^(?:Abort|Exit)PromptError$/u.test(error.name))) throw error;
    if (isBack) return undefined;
    throw new Aborted(stopped);
  } finally {
    process.stdin.off('keypress', onKey).off('pause', onPause);
  }
}
