import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Step } from '../../plan/step.ts';
import type { ReleaseFile } from '../../release/build.ts';
import type { Former, Seen, Store } from '../../release/store/store.ts';
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

/** What nodes that come were led to before, the latest first: of the Region that knows most, as another may be new. */
export async function formerIn(stores: readonly Store[]): Promise<readonly Former[]> {
  const found = await Promise.all(stores.map((store) => store.former()));
  return found.reduce<readonly Former[]>((most, one) => (one.length > most.length ? one : most), []);
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

/** What is to be known of nodes that come, where they would not serve what those serve that are there. */
export async function comingRemarks(
  place: { stores(): Promise<readonly Store[]> },
  nodes: readonly { readonly release: string | null }[],
): Promise<string[]> {
  const serving = new Set(nodes.flatMap(({ release }) => (release === null ? [] : [release])));
  if (serving.size === 0) return [];
  const remarks = (await place.stores()).map(async (store) => {
    try {
      const { pointer } = await store.look();
      if (serving.size === 1 && serving.has(pointer?.release ?? '')) return [];
      const what = pointer === null ? 'find no release' : `serve release ${pointer.release}`;
      return [`nodes that come in ${store.region} ${what}: lbctl deploy has all serve the same`];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [[error.message, error.hint].filter(Boolean).join('; ')];
    }
  });
  return (await Promise.all(remarks)).flat();
}

/** What is left over is no reason to fail. */
async function tidied(store: Store, io: Pick<Io, 'notify'>): Promise<void> {
  try {
    await store.tidy();
  } catch (error) {
    io.notify({ kind: 'warn', text: `old releases stay: ${(error as Error).message}` });
  }
}
