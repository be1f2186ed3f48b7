import type { Gone } from '../source/linting/narrow.ts';
import { visible } from './visible.ts';

const SHOWN = 10;

/** Says what a baseline holds in vain. */
export function renderGone(gone: readonly Gone[], baseline: string): string {
  const total = gone.reduce((sum, { count }) => sum + count, 0);
  const lines = gone
    .slice(0, SHOWN)
    .map(({ file, rule, count }) => `  ${visible(file)}: ${visible(rule)}${count > 1 ? ` (${count})` : ''}`);
  if (gone.length > SHOWN) lines.push(`  and ${gone.length - SHOWN} more`);
  const head =
    total === 1
      ? '1 finding of the baseline is gone; --update-baseline takes it out of'
      : `${total} findings of the baseline are gone; --update-baseline takes them out of`;
  return [`${head} ${visible(baseline)}:`, ...lines].join('\n');
}
