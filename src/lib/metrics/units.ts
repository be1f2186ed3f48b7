import type { Metric } from './catalog.ts';

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A value for people: `1,234`, `12.3M`, `1.5 GiB`, `3.2 MiB/s`. What is not nothing is not written as nothing. */
export function valueText(value: number, unit: Metric['unit']): string {
  switch (unit) {
    case 'Bytes':
      return bytes(value);
    case 'Bytes/Second':
      return `${bytes(value)}/s`;
    case 'Count/Second':
      return `${plain(value)}/s`;
    case 'LCU':
      return small(value, 0.005) ?? value.toFixed(value < 9.995 ? 2 : 1);
    case 'Percent':
      return `${small(value, 0.05) ?? (value > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value))} %`;
    case 'Count':
      return plain(value);
  }
}

function bytes(value: number): string {
  let [scaled, step] = [value, 0];
  // what is rounded up to 1024 is one of the next
  while (Math.round(scaled) >= 1024 && step < BINARY.length - 1) [scaled, step] = [scaled / 1024, step + 1];
  const text =
    step === 0 ? (small(value, 0.5) ?? Math.round(scaled)) : scaled.toFixed(scaled < 99.95 ? 1 : 0);
  return `${text} ${BINARY[step]}`;
}

function plain(value: number): string {
  if (Math.abs(value) >= 999_950_000) return `${(value / 1e9).toFixed(1)}G`;
  if (Math.abs(value) >= 999_999.5) return `${(value / 1e6).toFixed(1)}M`;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return small(value, 0.005) ?? value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** The first digit of a value that would be rounded to 0; undefined for all others. */
function small(value: number, below: number): string | undefined {
  return value > 0 && value < below
    ? value.toLocaleString('en-US', { maximumSignificantDigits: 1, maximumFractionDigits: 20 })
    : undefined;
}
