import { expect, it } from 'vitest';
import { each } from '../../../../src/lib/release/rollout/each.ts';
import { sleep } from '../../../support/wait.ts';

it('works on no more than so many items at once, and gives the results in their order', async () => {
  let [now, most] = [0, 0];
  const results = await each([5, 1, 4, 2, 3, 1, 1], 3, async (time) => {
    most = Math.max(most, ++now);
    await sleep(time * 5);
    now--;
    return time * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30, 10, 10]);
  expect(most).toBe(3);
});

it('lets all come to their ends before it throws', async () => {
  const ended: number[] = [];
  const work = each([1, 2, 3, 4], 2, async (item) => {
    if (item === 1) throw new Error('first');
    await sleep(5);
    ended.push(item);
  });
  await expect(work).rejects.toThrow('first');
  expect(ended).toEqual([2, 3, 4]);
});
