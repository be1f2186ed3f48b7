import { randomBytes } from 'node:crypto';
import type { Route53 } from '../../aws/route53.ts';
import type { Io } from '../../io.ts';
import type { Change, GroupChange } from '../change/diff.ts';
import type { Saved } from '../saved.ts';

/** Changes whose records have health checks that are gone, with new ones in their place that ask the same. */
export async function restoredChecks(
  changes: readonly GroupChange[],
  { checks }: Pick<Saved, 'checks'>,
  { api, io }: { readonly api: Route53; readonly io: Io },
): Promise<readonly GroupChange[]> {
  const needed = new Set(
    changes.flatMap(({ after }) => after.flatMap(({ HealthCheckId }) => HealthCheckId ?? [])),
  );
  if (needed.size === 0) return changes;
  const there = new Set((await api.healthChecks()).map(({ id }) => id));
  const ids = new Map<string, string>();
  for (const id of needed) {
    const check = checks[id];
    if (there.has(id) || check === undefined) continue;
    const { reference, config } = check;
    const title = `${config.FullyQualifiedDomainName ?? ''} ${config.IPAddress ?? ''}`.trim();
    // what stands before the last part says what it is for
    const unique = `${reference.slice(0, reference.lastIndexOf('-'))}-${randomBytes(4).toString('hex')}`;
    ids.set(id, await api.createHealthCheck(unique, config, title));
    io.notify({ kind: 'done', text: `health check of ${title} is there again` });
  }
  const mended = ({ Action, ResourceRecordSet: set }: Change): Change => {
    const id = set.HealthCheckId === undefined ? undefined : ids.get(set.HealthCheckId);
    return {
      Action,
      ResourceRecordSet: Action === 'CREATE' && id !== undefined ? { ...set, HealthCheckId: id } : set,
    };
  };
  return changes.map((group) => ({ ...group, changes: group.changes.map(mended) }));
}
