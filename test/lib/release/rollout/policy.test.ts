import { expect, it } from 'vitest';
import { limitsOf, readPolicy } from '../../../../src/lib/release/rollout/policy.ts';

const limits = (options: Record<string, string>, nodes: number) => limitsOf(readPolicy(options), nodes);

it.each([
  [{}, 5, { batch: 1, maxErrors: 0 }],
  [{ batch: '3', maxErrors: '2' }, 5, { batch: 3, maxErrors: 2 }],
  [{ batch: '25%', maxErrors: '10%' }, 100, { batch: 25, maxErrors: 10 }],
  // shares are rounded down, but a batch is never empty
  [{ batch: '25%', maxErrors: '25%' }, 3, { batch: 1, maxErrors: 0 }],
  [{ batch: '50%', maxErrors: '100%' }, 5, { batch: 2, maxErrors: 5 }],
])('%j of %i nodes is %j', (options, nodes, expected) => {
  expect(limits(options, nodes)).toEqual(expected);
});

it.each([
  [{ batch: '0' }, '--batch takes a number of nodes or a share of them, not 0'],
  [{ batch: '0%' }, 'not 0%'],
  [{ batch: '-1' }, 'not -1'],
  [{ batch: '1.5' }, 'not 1.5'],
  [{ batch: '101%' }, 'not 101%'],
  [{ batch: '' }, '--batch'],
  [{ maxErrors: 'none' }, '--max-errors takes a number of nodes'],
  [{ pause: 'long' }, '--pause takes a time, not long'],
])('%j is refused', (options, says) => {
  expect(() => readPolicy(options)).toThrow(says);
});

it('reads the pause in seconds', () => {
  expect(readPolicy({ pause: '2m' }).pause).toBe(120);
});
