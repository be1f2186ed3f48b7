import { setTimeout as sleep } from 'node:timers/promises';
import type { Route53 } from '../../aws/route53.ts';
import type { RecordSet } from '../record.ts';

/** Seconds between two looks at health checks. */
const LOOK = 10;

/**
 * Watches the health checks of sets for some time.
 * @returns the first set that is dead; undefined where all live to the end.
 */
export async function watchHealth(
  api: Pick<Route53, 'isHealthy'>,
  sets: readonly RecordSet[],
  seconds: number,
): Promise<RecordSet | undefined> {
  const checked = sets.filter(({ HealthCheckId }) => HealthCheckId !== undefined);
  const end = Date.now() + seconds * 1000;
  for (;;) {
    for (const set of checked) if (!(await api.isHealthy(set.HealthCheckId!))) return set;
    const left = end - Date.now();
    if (left <= 0) return undefined;
    await sleep(Math.min(LOOK * 1000, left));
  }
}
