import { Aborted } from '../errors.ts';
import type { Io } from '../io.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that comes to an orderly end when its signal is aborted, which Ctrl-C and SIGTERM do. A second one ends the
 * program as if nobody had asked for the first.
 */
export async function interruptible<Result>(
  tell: () => void,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const leave = (): void => SIGNALS.forEach((name) => void process.off(name, onSignal));
  const onSignal = (): void => {
    leave();
    tell();
    stop.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    leave();
  }
}

/** Runs work that Ctrl-C and SIGTERM keep from beginning anything more, and tells whoever pressed it. */
export function stoppable<Result>(io: Io, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const text = 'stopping once what is under way is done; Ctrl-C again leaves it to itself';
  return interruptible(() => io.notify({ kind: 'warn', text }), work);
}

/** What is known of work that changes nothing until it says so. */
interface Before {
  /** Aborted by Ctrl-C and SIGTERM, with what is to be thrown then. */
  readonly signal: AbortSignal;
  /** Runs what may be left at any moment; does not wait for it once the signal is aborted. */
  look<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Said before the first change; signals are no business of this any more.
   * @throws Aborted where one came by then.
   */
  begin(): void;
}

/** Runs work that Ctrl-C and SIGTERM stop as long as nothing is changed, so that it can put away what it needed. */
export async function untilBegun<Result>(work: (before: Before) => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  const { signal } = stop;
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Aborted));
  });
  // whoever looks is told; there may be nobody yet
  stopped.catch(() => undefined);
  const leave = (): void => SIGNALS.forEach((name) => void process.off(name, onSignal));
  const onSignal = (): void => {
    leave();
    stop.abort(new Aborted('stopped; nothing was changed'));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work({
      signal,
      look: async (inner) => {
        signal.throwIfAborted();
        return Promise.race([stopped, inner()]);
      },
      begin() {
        signal.throwIfAborted();
        leave();
      },
    });
  } finally {
    leave();
  }
}
