/*
 * How NGINX reads numbers, sizes and times (core/ngx_string.c, core/ngx_parse.c). A value that it would refuse is
 * undefined here. Sizes and times are exact as long as they fit into a double; the bounds are those of 64 bits.
 */

const MAX = 2n ** 63n - 1n;

/** Decimal digits and nothing else; undefined where NGINX would refuse. */
export function parseNumber(text: string): number | undefined {
  if (!/^\d+$/u.test(text)) return undefined;
  if (text.length > 18 && BigInt(text) > MAX) return undefined;
  return Number(text);
}

/** Bytes: digits with `k` or `m`. */
export function parseSize(text: string): number | undefined {
  return scaled(text, { k: 1024, m: 1024 ** 2 });
}

/** Bytes: digits with `k`, `m` or `g`. */
export function parseOffset(text: string): number | undefined {
  return scaled(text, { k: 1024, m: 1024 ** 2, g: 1024 ** 3 });
}

function scaled(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const scale = units[text.slice(-1).toLowerCase()];
  const digits = scale === undefined ? text : text.slice(0, -1);
  const number = parseNumber(digits);
  if (number === undefined) return undefined;
  // near the bound a double is not exact
  return BigInt(digits) * BigInt(scale ?? 1) > MAX ? undefined : number * (scale ?? 1);
}

/** A unit's rank and its seconds; parts of a time stand in the order of the ranks. */
const UNITS: Readonly<Record<string, readonly [rank: number, seconds: number]>> = {
  y: [1, 365 * 86_400],
  M: [2, 30 * 86_400],
  w: [3, 7 * 86_400],
  d: [4, 86_400],
  h: [5, 3600],
  m: [6, 60],
  s: [7, 1],
  // a space ends a number of seconds, too
  ' ': [7, 1],
};

/**
 * Milliseconds, or seconds where `unit` is `s`. Parts come from the greatest unit to the smallest, each once; a bare
 * number counts as seconds. Months and years are known to times in seconds alone, `ms` to times in milliseconds alone.
 */
export function parseTime(text: string, unit: 's' | 'ms'): number | undefined {
  const scale = unit === 'ms' ? 1000 : 1;
  if (/^\d{1,9}$/u.test(text)) return Number(text) * scale;
  if (!/\d/u.test(text)) return undefined;
  let total = 0n;
  let rank = unit === 's' ? 0 : 2;
  const part = /(\d*)(ms|[yMwdhms ]) *|(\d+)$/uy;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (!match) return undefined;
    const [, digits = '', name = '', rest] = match;
    const value = BigInt(rest ?? (digits === '' ? '0' : digits));
    if (name === 'ms') {
      if (unit === 's' || rank >= 8) return undefined;
      rank = 8;
      total += value;
    } else {
      const [own, seconds] = rest === undefined ? UNITS[name]! : [9, 1];
      if (rest === undefined && rank >= own) return undefined;
      rank = name === ' ' ? 9 : own;
      total += value * BigInt(seconds * scale);
    }
    if (total > MAX) return undefined;
  }
  return Number(total);
}
