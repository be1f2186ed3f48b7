import type { Io } from '../../io.ts';
import type { Step } from '../../plan/step.ts';
import type { ReleaseFile } from '../../release/build.ts';
import type { Seen, Store } from '../../release/store/store.ts';
import type { Newcomers } from '../provider.ts';

/** A release that nodes are to serve which come. */
interface Release {
  readonly id: string;
  readonly files: readonly ReleaseFile[];
  readonly drained?: readonly string[];
}

/** What it takes until nodes that come by themselves serve a release, in the bucket of each Region. */
export async function newcomersBy(stores: readonly Store[], release: Release): Promise<Newcomers> {
  const looks = await Promise.all(stores.map(async (store) => ({ store, seen: await store.look() })));
  const behind = looks.filter(({ seen }) => !isLed(seen, release));
  return {
    steps: behind.map(({ store, seen }) => stepFor(store, seen, release)),
    async take(io) {
      for (const { store, seen } of behind) {
        await lead(store, release, seen);
        io.notify({ kind: 'done', text: `${store.region}: nodes that come serve release ${release.id}` });
        await tidied(store, io);
      }
    },
  };
}

/** Brings a release to a bucket, and has nodes that come serve it. */
export async function lead(store: Store, { id, files, drained = [] }: Release, seen: Seen): Promise<void> {
  const about = { author: 'Auto Scaling', message: 'a node came', source: `s3://${store.bucket}/current` };
  await store.move({ id, files, about, drained }, seen);
}

function isLed({ pointer }: Seen, { id, drained = [] }: Release): boolean {
  return pointer?.release === id && pointer.drained === drained.join(' ');
}

function stepFor({ region }: Store, { pointer }: Seen, { id, drained = [] }: Release): Step {
  const before = pointer === null ? [] : [`in place of ${pointer.release}`];
  const same = pointer?.release === id;
  return {
    kind: 'pointer',
    action: pointer === null ? 'create' : 'change',
    resource: 'release',
    name: `${id} on nodes that come in ${region}`,
    details: same ? [drained.length === 0 ? 'no servers drained' : `drained: ${drained.join(', ')}`] : before,
  };
}

/** What is left over is no reason to fail. */
async function tidied(store: Store, io: Pick<Io, 'notify'>): Promise<void> {
  try {
    await store.tidy();
  } catch (error) {
    io.notify({ kind: 'warn', text: `old releases stay: ${(error as Error).message}` });
  }
}
