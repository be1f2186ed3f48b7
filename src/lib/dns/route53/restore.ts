import { randomBytes } from 'node:crypto';
import type { Route53 } from '../../aws/route53.ts';
import type { Io } from '../../io.ts';
import type { Change, GroupChange } from '../change/diff.ts';
import type { RecordSet } from '../record.ts';
import type { Saved } from '../saved.ts';

interface Tools {
  readonly api: Route53;
  readonly io: Io;
}

type Ids = ReadonlyMap<string, string>;

/** Changes whose records have health checks or networks that are gone, with new ones in their place that are the same. */
export async function restored(
  changes: readonly GroupChange[],
  saved: Pick<Saved, 'checks' | 'collections'>,
  tools: Tools,
): Promise<readonly GroupChange[]> {
  const sets = changes.flatMap(({ after }) => after);
  const checks = await restoredChecks(sets, saved, tools);
  const collections = await restoredCollections(sets, saved, tools);
  const mended = ({ Action, ResourceRecordSet: set }: Change): Change => ({
    Action,
    ResourceRecordSet: Action === 'CREATE' ? withNew(set, checks, collections) : set,
  });
  return changes.map((group) => ({ ...group, changes: group.changes.map(mended) }));
}

function withNew(set: RecordSet, checks: Ids, collections: Ids): RecordSet {
  const { HealthCheckId: check = '', CidrRoutingConfig: cidr } = set;
  const collection = cidr && collections.get(cidr.CollectionId);
  return {
    ...set,
    ...(checks.has(check) ? { HealthCheckId: checks.get(check)! } : {}),
    ...(collection === undefined ? {} : { CidrRoutingConfig: { ...cidr!, CollectionId: collection } }),
  };
}

async function restoredChecks(
  sets: readonly RecordSet[],
  { checks }: Pick<Saved, 'checks'>,
  { api, io }: Tools,
): Promise<Ids> {
  const needed = new Set(sets.flatMap(({ HealthCheckId }) => HealthCheckId ?? []));
  const ids = new Map<string, string>();
  if (needed.size === 0) return ids;
  const there = new Set((await api.healthChecks()).map(({ id }) => id));
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
  return ids;
}

/** Networks are found by their name, which a later change may have given to others. */
async function restoredCollections(
  sets: readonly RecordSet[],
  { collections = {} }: Pick<Saved, 'collections'>,
  { api, io }: Tools,
): Promise<Ids> {
  const needed = new Set(sets.flatMap(({ CidrRoutingConfig }) => CidrRoutingConfig?.CollectionId ?? []));
  const wanted = Object.entries(collections).filter(([id]) => needed.has(id));
  const ids = new Map<string, string>();
  if (wanted.length === 0) return ids;
  const names = new Set(wanted.map(([, { name }]) => name));
  const now = await api.collections((name) => names.has(name));
  for (const [id, { name, locations }] of wanted) {
    const there = now.find((collection) => collection.name === name);
    if (there) await api.changeCollection(there, locations);
    ids.set(id, there?.id ?? (await api.createCollection(name, locations)));
    io.notify({ kind: 'done', text: `networks ${name} are there again` });
  }
  return ids;
}
