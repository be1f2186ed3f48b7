import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { startOf } from '../../../../src/lib/providers/local/processes.ts';

/** When a process started, as ps tells; not a number where there is no ps. */
function startByPs(pid: number): number {
  const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' };
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env });
  return Date.parse(`${stdout} UTC`);
}

describe.skipIf(process.platform !== 'linux' || Number.isNaN(startByPs(1)))('a process', () => {
  test.each([
    ['the first', 1],
    ['that of this test', process.pid],
  ])('tells when it started: %s', async (_, pid) => {
    const since = await startOf(pid);
    expect(Math.abs(since!.getTime() - startByPs(pid))).toBeLessThanOrEqual(1000);
  });

  test('that is not there tells nothing', async () => {
    expect(await startOf(2 ** 22 + 1)).toBeNull();
  });
});
