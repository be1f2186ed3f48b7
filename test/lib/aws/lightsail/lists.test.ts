import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listInstances } from '../../../../src/lib/aws/lightsail/instances.ts';
import { newLists } from '../../../../src/lib/aws/lightsail/lists.ts';
import { type PoolInstances, startInstances } from '../../../support/pool-instances.ts';

let pool: PoolInstances;

beforeEach(async () => {
  pool = await startInstances(['web-1']);
  for (const [key, value] of Object.entries({ ...pool.env, AWS_MAX_ATTEMPTS: '1' })) vi.stubEnv(key, value);
});
afterEach(() => vi.unstubAllEnvs());

const made = (): string[] =>
  pool.aws.calls.map(({ operation }) => operation).filter((name) => name === 'GetInstances');

describe('lists of a run', () => {
  test('are asked for once a Region, also by those who ask at the same time', async () => {
    const lists = newLists();
    const names = async (region: string): Promise<string[]> =>
      (await listInstances(region, lists)).map(({ name }) => name);
    expect(await Promise.all(['eu-west-1', 'us-east-1', 'eu-west-1'].map(names))).toEqual([
      ['web-1'],
      [],
      ['web-1'],
    ]);
    await names('eu-west-1');
    expect(made()).toHaveLength(2);
  });

  test('are new once they were forgotten, and for who brings none', async () => {
    const lists = newLists();
    const state = async (...more: Parameters<typeof newLists> | [typeof lists]): Promise<string> =>
      (await listInstances('eu-west-1', ...more))[0]!.state;
    expect(await state(lists)).toBe('running');
    pool.instance('web-1').state = 'stopped';
    expect([await state(lists), await state()]).toEqual(['running', 'stopped']);
    lists.forget();
    expect(await state(lists)).toBe('stopped');
    expect(made()).toHaveLength(3);
  });

  test('that do not come are not waited for twice', async () => {
    const lists = newLists();
    pool.aws.fail({ fault: 'denied', times: 1 });
    for (let time = 0; time < 2; time++)
      await expect(lists.of('eu-west-1')).rejects.toMatchObject({ kind: 'denied' });
    lists.forget();
    expect(await lists.of('eu-west-1')).toHaveLength(1);
  });
});
