import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../aws/failure.ts';
import type { Route53 } from '../../aws/route53.ts';
import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { batchesOf } from '../change/batches.ts';
import { type Change, difference, type Difference, type GroupChange } from '../change/diff.ts';
import { differenceLines } from '../change/lines.ts';
import { type DnsPlan, idsOf } from '../change/plan.ts';
import { textOf } from '../change/same.ts';
import { groupOf, keyOf, type RecordSet } from '../record.ts';
import { withIds } from '../wanted/build.ts';
import type { Wanted } from '../wanted/wanted.ts';
import { type Observed, recordsOf } from './observe.ts';

/** Milliseconds for which a zone that is at work on something else is waited for. */
const PATIENCE = 180_000;
/** Milliseconds between two looks or tries; name servers take up to a minute. */
const PAUSE = 2_000;

interface Work {
  readonly api: Route53;
  readonly io: Io;
  /** Keeps what is about to be changed. */
  readonly save?: (changes: readonly Change[]) => void;
  /** Is waited for once Route 53 has taken all, before name servers have it. */
  readonly taken?: () => Promise<void>;
  /** Takes over records of nobody that are as they are to be. */
  readonly adopt?: boolean;
}

/** Makes a zone what it is planned to be. What was done when it ends early is found by the next run. */
export async function apply(plan: DnsPlan, observed: Observed, wanted: Wanted, work: Work): Promise<void> {
  const { api, io, adopt = false } = work;
  const ids = new Map(idsOf(observed, wanted));
  for (const { wanted: collection, there } of plan.collections) {
    const text = `networks ${collection.name}`;
    io.notify({ kind: 'start', text });
    if (there) await api.changeCollection(there, collection.locations);
    else ids.set(collection.name, await api.createCollection(collection.name, collection.locations));
    io.notify({ kind: 'done', text });
  }
  for (const { reference, config, title } of plan.missingChecks) {
    const text = `health check of ${title}`;
    io.notify({ kind: 'start', text });
    // the reference of one that was deleted cannot be used again
    const unique = `${reference}-${randomBytes(4).toString('hex')}`;
    type Config = Parameters<Route53['createHealthCheck']>[1];
    ids.set(reference, await api.createHealthCheck(unique, config as Config, title));
    io.notify({ kind: 'done', text });
  }
  // ids are known by now
  const found = difference(observed.sets, withIds(wanted, observed.zone.id, ids), { adopt });
  await makeChanges(found, observed, work);
  for (const { id } of plan.obsoleteChecks) {
    await api.deleteHealthCheck(id);
    io.notify({ kind: 'done', text: `health check ${id} is deleted` });
  }
  for (const collection of plan.obsoleteCollections) {
    await api.deleteCollection(collection);
    io.notify({ kind: 'done', text: `networks ${collection.name} are deleted` });
  }
}

/** Sends changes of records, and waits until all name servers have them. */
export async function makeChanges(
  { changes }: Pick<Difference, 'changes'>,
  observed: Pick<Observed, 'zone' | 'sets'>,
  { api, io, save, taken }: Work,
): Promise<void> {
  const batches = batchesOf(changes);
  if (batches.length === 0) return;
  refuseChanged(changes, observed.sets, await recordsOf(api, observed.zone));
  save?.(batches.flat());
  const sent: string[] = [];
  for (const [index, batch] of batches.entries()) {
    const text = `batch ${index + 1} of ${batches.length}: ${batch.length} ${batch.length === 1 ? 'change' : 'changes'}`;
    io.notify({ kind: 'start', text });
    const id = await send(batch, observed, api, io);
    if (id !== undefined) sent.push(id);
    io.notify({ kind: 'done', text });
  }
  await taken?.();
  io.notify({ kind: 'start', text: 'waiting until all name servers have it' });
  for (const id of sent) while (!(await api.isInSync(id))) await sleep(PAUSE);
  io.notify({ kind: 'done', text: 'all name servers have it' });
}

/**
 * Sees to it that groups are what the plan saw, those sets included that stay as they are: somebody may have added one while
 * a question was answered. What comes after that Route 53 refuses, as sets are deleted by what they were.
 */
function refuseChanged(
  changes: readonly GroupChange[],
  before: readonly RecordSet[],
  now: readonly RecordSet[],
): void {
  const about = new Set(changes.map(groupOf));
  const own = (sets: readonly RecordSet[]) => sets.filter((set) => about.has(groupOf(set)));
  const lines = differenceLines(own(before), own(now));
  if (lines.length > 0) throw changedMeanwhile(lines);
}

function changedMeanwhile(lines: readonly string[], cause?: unknown): UserError {
  return new UserError(
    'failed',
    'changed-meanwhile',
    'somebody has changed these records since the plan was made; nothing of theirs was overwritten',
    { evidence: lines, hint: 'see what is left to do: lbctl dns plan', cause },
  );
}

/** One batch. @returns the id of the change; undefined where it had been made already. */
async function send(
  batch: readonly Change[],
  { zone, sets }: Pick<Observed, 'zone' | 'sets'>,
  api: Route53,
  io: Io,
): Promise<string | undefined> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await api.change(zone.id, batch as unknown as Parameters<Route53['change']>[1], 'lbctl');
    } catch (error) {
      const code = codeOf(error) ?? '';
      if (/^(?:PriorRequestNotComplete|Throttling)/u.test(code) && Date.now() < end) {
        io.notify({ kind: 'info', text: 'Route 53 is at work on something else in this zone; trying again' });
        await sleep(PAUSE);
        continue;
      }
      if (code !== 'InvalidChangeBatch') throw error;
      const now = await recordsOf(api, zone);
      if (isMade(batch, now)) return undefined;
      throw conflict(batch, sets, now, error);
    }
  }
}

/** Whether a batch has been made, as when the answer to it was lost on the way. */
function isMade(batch: readonly Change[], now: readonly RecordSet[]): boolean {
  const there = new Map(now.map((set) => [keyOf(set), textOf(set)]));
  const created = batch
    .filter(({ Action }) => Action === 'CREATE')
    .map(({ ResourceRecordSet }) => ResourceRecordSet);
  const keys = new Set(created.map(keyOf));
  return (
    created.every((set) => there.get(keyOf(set)) === textOf(set)) &&
    batch.every(({ ResourceRecordSet: set }) => keys.has(keyOf(set)) || !there.has(keyOf(set)))
  );
}

/** What somebody else has changed since the plan was made; the refusal itself, where that is not it. */
function conflict(
  batch: readonly Change[],
  before: readonly RecordSet[],
  now: readonly RecordSet[],
  error: unknown,
): unknown {
  const about = new Set(batch.map(({ ResourceRecordSet }) => keyOf(ResourceRecordSet)));
  const own = (sets: readonly RecordSet[]) => sets.filter((set) => about.has(keyOf(set)));
  const lines = differenceLines(own(before), own(now));
  if (lines.length === 0) return error;
  return changedMeanwhile(lines, error);
}
