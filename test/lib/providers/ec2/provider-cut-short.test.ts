import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Loaded } from '../../../../src/lib/source/load.ts';
import type { Rule } from '../../../fake-aws/faults.ts';
import { type Account, ec2Account } from '../../../support/ec2-region.ts';
import { ec2Runs, MANY, ONE, TWO } from '../../../support/ec2-runs.ts';
import { ec2Shop } from '../../../support/ec2-shop.ts';

let account: Account;
async function fresh(): Promise<void> {
  await account?.aws.close();
  account = await ec2Account();
  for (const [key, value] of Object.entries({ ...account.aws.env, AWS_MAX_ATTEMPTS: '1' }))
    vi.stubEnv(key, value);
}
afterAll(() => void vi.unstubAllEnvs());

const { up, down, everything } = ec2Runs(() => account);

/** What is done, and what was there before. */
const WAYS: Readonly<Record<string, { before: readonly Loaded[]; act: () => Promise<unknown> }>> = {
  'up from nothing': { before: [], act: () => up(ONE) },
  ...(process.env['LBCTL_RELEASES'] === undefined
    ? {}
    : {
        'up from nothing with a large template': { before: [], act: () => up(MANY) },
        'up with a Region less': { before: [TWO], act: () => up(ONE) },
      }),
  'up to another listener': { before: [ONE], act: () => up(ec2Shop({ listeners: 'http: { port: 8080 }' })) },
  down: { before: [ONE], act: () => down(ONE) },
};
const FAULTS: Readonly<Record<string, (skip: number) => readonly Rule[]>> = {
  throttled: (skip) => [{ fault: 'throttled', skip }],
  'answered 500': (skip) => [{ fault: 'internal', skip }],
  'cut off when it was done': (skip) => [{ fault: 'cut after', skip }],
  'the last, as lbctl was killed behind it': (skip) => [
    { fault: 'cut after', skip },
    { fault: 'cut before', skip, times: Number.POSITIVE_INFINITY },
  ],
};
/** All of them take minutes; this one finds most of what can be wrong. */
const tried = Object.entries(FAULTS).filter(
  ([name]) => process.env['LBCTL_RELEASES'] !== undefined || name.startsWith('the last'),
);

describe.each(Object.entries(WAYS))('%s, with each call in turn', (_, { before, act }) => {
  test.each(tried)('%s: run again, it comes to the same', async (_, faults) => {
    const prepare = async (): Promise<void> => {
      await fresh();
      for (const each of before) await up(each);
    };
    await prepare();
    await act();
    const good = everything();
    let hits = 0;
    for (let skip = 0; ; skip++) {
      await prepare();
      const rules = faults(skip).map((rule) => account.aws.fail(rule));
      await act().catch(() => undefined);
      const struck = rules.some((rule) => rule.count() > 0);
      for (const rule of rules) rule.stop();
      if (!struck) break;
      hits++;
      await act();
      expect([skip, everything()]).toEqual([skip, good]);
    }
    expect(hits).toBeGreaterThan(2);
  });
});
