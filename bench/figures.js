/** The middle value; of an even number of values the upper one. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

export function rounded(value, digits = 0) {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Prints a figure and whether it meets its target. */
export function judge(name, figure, met, target) {
  console.log(`  ${name.padEnd(46)} ${figure.padStart(10)}  ${met ? 'ok    ' : 'MISSED'}  target: ${target}`);
}
