import { afterEach, expect, test, vi } from 'vitest';
import { pace } from '../../../src/lib/aws/pace.ts';

vi.mock(import('node:timers/promises'), async (original) => ({
  ...(await original()),
  setTimeout: ((wait: number) => new Promise((resolve) => setTimeout(resolve, wait))) as never,
}));

afterEach(() => void vi.useRealTimers());

test('no second has more calls than the account may make, however many come at once', async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const turn = pace(5);
  const at: number[] = [];
  const start = Date.now();
  const all = Array.from({ length: 23 }, async () => {
    await turn();
    at.push(Date.now() - start);
  });
  await vi.advanceTimersByTimeAsync(10_000);
  await Promise.all(all);
  expect(at).toHaveLength(23);
  for (const moment of at) {
    const within = at.filter((other) => other >= moment && other < moment + 1000);
    expect(within.length).toBeLessThanOrEqual(5);
  }
  expect(at.at(-1)).toBeLessThan(4500);
});
