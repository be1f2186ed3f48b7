const BARS = '▁▂▃▄▅▆▇█';

/**
 * Values as one line of bars, the highest full; where they are more than the columns, each bar is the highest of its
 * share, so that no peak is lost. What was not measured stays blank.
 */
export function sparkline(values: readonly (number | null)[], columns: number): string {
  const shares = squeezed(values, columns);
  const top = Math.max(0, ...shares.map((value) => value ?? 0));
  return shares
    .map((value) => {
      if (value === null) return ' ';
      // what is not nothing is never shown as nothing
      const level = top === 0 || value === 0 ? 0 : Math.max(1, Math.ceil((value / top) * BARS.length) - 1);
      return BARS[level]!;
    })
    .join('');
}

/** As many values as columns, or all of them where they are fewer: the highest of each share. */
export function squeezed(values: readonly (number | null)[], columns: number): (number | null)[] {
  if (values.length <= columns) return [...values];
  return Array.from({ length: columns }, (_, column) => {
    const share = values.slice(
      Math.floor((column * values.length) / columns),
      Math.floor(((column + 1) * values.length) / columns),
    );
    const some = share.filter((value) => value !== null);
    return some.length === 0 ? null : Math.max(...some);
  });
}
