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
