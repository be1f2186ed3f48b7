/** Does a piece of work whose time may be taken. */
export type Timed = <T>(what: string, work: () => T) => T;

/** Milliseconds by what they were spent on; work inside of other work is taken off that. */
export type Times = ReadonlyMap<string, number>;

export function stopwatch(): { readonly timed: Timed; readonly times: Times } {
  const times = new Map<string, number>();
  let inside = 0;
  return {
    times,
    timed(what, work) {
      const before = inside;
      inside = 0;
      const start = performance.now();
      try {
        return work();
      } finally {
        const took = performance.now() - start;
        times.set(what, (times.get(what) ?? 0) + took - inside);
        inside = before + took;
      }
    },
  };
}
