import type { Terminal } from './terminal.ts';
import { visible } from './visible.ts';

/** Milliseconds that nobody needs to be told of. */
const PATIENCE = 1000;

/** Goes through work that says step by step what it does; a live terminal shows it once it takes long. */
export async function whileShown<Result>(
  steps: Generator<string, Result>,
  terminal: Pick<Terminal, 'unicode'>,
): Promise<Result> {
  const start = performance.now();
  let spinner: { text: string; stop(): unknown } | undefined;
  try {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (performance.now() - start < PATIENCE) continue;
      const text = visible(step.value);
      if (spinner) spinner.text = text;
      else spinner = (await (await import('./progress.ts')).newSpinner(terminal)).start(text);
      // the work takes the whole thread, so what is shown is drawn in between
      await new Promise(setImmediate);
    }
  } finally {
    spinner?.stop();
  }
}
