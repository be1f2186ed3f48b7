import type { Metric } from './catalog.ts';

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A value for people: `1,234`, `12.3k`, `1.5 GiB`, `3.2 MiB/s`. */
export function valueText(value: number, unit: Metric['unit']): string {
  switch (unit) {
    case 'Bytes':
      return bytes(value);
    case 'Bytes/Second':
      return `${bytes(value)}/s`;
    case 'Count/Second':
      return `${plain(value)}/s`;
    case 'LCU':
      return value.toFixed(value < 10 ? 2 : 1);
    case 'Percent':
      return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
    case 'Count':
      return plain(value);
  }
}

function bytes(value: number): string {
  const step = value < 1 ? 0 : Math.min(BINARY.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** step;
  return `${step === 0 ? Math.round(scaled) : scaled.toFixed(scaled < 100 ? 1 : 0)} ${BINARY[step]}`;
}

function plain(value: number): string {
  if (Math.abs(value) >= 1e9) return `${(value / 1e9).toFixed(1)}G`;
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: 0 });
}
