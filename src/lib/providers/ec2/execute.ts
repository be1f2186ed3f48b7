import { failedLaunches, instancesOf } from '../../aws/auto-scaling.ts';
import { codeOf } from '../../aws/failure.ts';
import type { Io } from '../../io.ts';
import { UserError } from '../../errors.ts';
import { bringStack, removeStack, type Tools } from './bring.ts';
import { reachedAt } from './addresses.ts';
import { inService } from './in-service.ts';
import { isServing } from './nodes.ts';
import { notedBy } from './noted.ts';
import type { Desired } from './desired.ts';
import type { Place, RegionPlace } from './place.ts';
import type { Ec2Step } from './steps.ts';
import { reachedWords } from '../reached.ts';
import { bundleOf } from '../ssh/desired.ts';

/** Takes steps of `plan`: what lb.yaml asks for, or what is left where it asks for nothing any longer. */
export async function execute(steps: readonly Ec2Step[], desired: Desired, io: Io): Promise<void> {
  const leaving = steps.filter(({ kind, action }) => kind === 'stack' && action === 'delete');
  return leaving.length > 0 ? leave(leaving, desired.place, io) : bring(steps, desired, io);
}

/** Brings the stacks of all Regions to what they should be, side by side. */
async function bring(steps: readonly Ec2Step[], desired: Desired, io: Io): Promise<void> {
  const { place, about } = desired;
  const worlds = await place.worlds();
  const { id, files } = bundleOf(desired);
  const all = await place.regions();
  const note = await notedBy(place);
  for (const store of await place.stores()) await note(store);
  await inRegions(all, steps, io, 'brings up', async (region, tools) => {
    const world = worlds.find((one) => one.region === region.region)!;
    const { known, serves } = await groupBefore(region);
    const fill = async (bucket: string): Promise<void> => {
      const store = region.storeNamed(bucket);
      // ahead of the pointer: where that is, this is, too
      await note(store);
      const seen = await store.look();
      // a release that has come to no node may be why none comes
      if (seen.pointer !== null && (serves || seen.pointer.release === id)) return;
      await store.move({ id, files, about, drained: [] }, seen);
      tools.tell(`release ${id} is in ${bucket}, for the nodes that come`);
    };
    // a stack that goes back has taken its bucket along, and is told with why it does
    const fillWhileThere = (bucket: string): Promise<void> =>
      fill(bucket).catch((error: unknown) => {
        if (codeOf(error) !== 'NoSuchBucket') throw error;
      });
    await bringStack(region.wanted, world, { ...tools, fill: fillWhileThere });
    const [name, bucket, log] = [
      await region.made('Nodes'),
      await region.made('Releases'),
      await region.made('Log'),
    ];
    // as one that was killed before may have left it
    if (bucket !== null) await fill(bucket);
    const warn = (what: string): void => io.notify({ kind: 'warn', text: `${region.region}: ${what}` });
    if (name !== null)
      await inService({ name, region: region.region, log, known }, { tell: tools.tell, warn });
    const stack = await region.stacks.stack(region.wanted.name);
    if (world.standing !== 'settled' && stack)
      tools.tell(`clients reach it at ${reachedWords(reachedAt(region.region, stack))}`);
  }).finally(place.changed);
}

/** The group before anything is changed: launches that have failed, by their IDs, and whether a node serves. */
async function groupBefore({
  made,
  region,
}: RegionPlace): Promise<{ readonly known: ReadonlySet<string>; readonly serves: boolean }> {
  const group = await made('Nodes');
  if (group === null) return { known: new Set(), serves: false };
  const [failed, instances] = await Promise.all([failedLaunches(group, region), instancesOf(group, region)]);
  return { known: new Set(failed.map(({ id }) => id)), serves: instances.some(isServing) };
}

/** Leaves nothing of them. */
export async function remove(steps: readonly Ec2Step[], place: Place, io: Io): Promise<void> {
  await removeIn(await place.regions(), steps, io).finally(place.changed);
}

/** Deletes the stacks in Regions that lb.yaml has no longer. */
async function leave(steps: readonly Ec2Step[], place: Place, io: Io): Promise<void> {
  const all = (await place.left()).map((one) => one.place);
  await removeIn(all, steps, io);
  const note = await notedBy(place);
  for (const store of await place.stores()) await note(store);
}

function removeIn(all: readonly RegionPlace[], steps: readonly Ec2Step[], io: Io): Promise<void> {
  return inRegions(all, steps, io, 'deletes', async ({ stacks, wanted }, tools) => {
    const stack = await stacks.stack(wanted.name);
    if (stack) await removeStack(wanted, stack.id, tools);
  });
}

/** Where one fails, the others come to their end first, so that the next run finds little left. */
async function inRegions(
  all: readonly RegionPlace[],
  steps: readonly Ec2Step[],
  io: Io,
  doing: string,
  work: (region: RegionPlace, tools: Tools) => Promise<void>,
): Promise<void> {
  const names = new Set(steps.map(({ region }) => region));
  const regions = all.filter(({ region }) => names.has(region));
  const errors: unknown[] = [];
  await Promise.all(
    regions.map(async (region) => {
      const text = `${region.region}: ${doing} the stack ${region.wanted.name}`;
      const alone = regions.length === 1;
      io.notify({ kind: alone ? 'start' : 'info', text });
      try {
        await work(region, {
          stacks: region.stacks,
          send: region.send,
          tell: (what) => io.notify({ kind: 'info', text: `${region.region}: ${what}` }),
          fill: async () => undefined,
          empty: (bucket) => region.storeNamed(bucket).empty(),
        });
        io.notify({ kind: 'done', text });
      } catch (error) {
        io.notify({ kind: 'failed', text });
        errors.push(error);
      }
    }),
  );
  if (errors.length > 0) throw together(errors);
}

function together([first, ...others]: readonly unknown[]): unknown {
  if (!(first instanceof UserError) || others.length === 0) return first;
  const { kind, code, message, hint, evidence, cause } = first;
  const lines = others.map((error) => (error instanceof Error ? error.message : String(error)));
  return new UserError(kind, code, message, { hint, cause, evidence: [...evidence, ...lines] });
}
