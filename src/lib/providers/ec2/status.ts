import { instancesOf } from '../../aws/auto-scaling.ts';
import { UserError } from '../../errors.ts';
import type { NodeStatus, Status } from '../provider.ts';
import { hostAt, userIn } from '../ssh/hosts.ts';
import { status as statusOf } from '../ssh/status.ts';
import { reachedAt } from './addresses.ts';
import type { Place } from './place.ts';
import { leftRemarks } from './plan.ts';
import { comingRemarks } from './newcomers.ts';
import { targetHealthOr, targetRemarks } from './target-health.ts';
import type { RegionWorld } from './world.ts';

/**
 * What stacks there are, and what their nodes serve.
 * @param describe release that lb.yaml asks for with some servers drained, or why that cannot be told.
 */
export async function status(
  place: Place,
  describe: (drained: readonly string[]) => Promise<string | UserError>,
): Promise<Status> {
  const worlds = await place.worlds();
  const nodes = await place.nodes(false);
  const hosts = nodes.map(({ transport }) => hostAt(transport, userIn(place.loaded)));
  const found = await statusOf(hosts, place.loaded, describe);
  const [instances, targets] = await Promise.all([instancesIn(place), targetHealthOr(place)]);
  const isTold = !(targets instanceof UserError);
  return {
    ...found,
    running: found.running && nodes.length > 0,
    nodes: found.nodes.map((node): NodeStatus => {
      const one = instances.find(({ id }) => node.node.startsWith(`${id} `));
      if (!one) return node;
      const machine = { zone: one.zone, size: one.type, address: null, privateAddress: null, monthly: null };
      return { ...node, machine };
    }),
    reached: worlds.flatMap(({ standing, stack, region }) =>
      standing === 'settled' ? [reachedAt(region, stack!)] : [],
    ),
    ...(isTold ? { targets } : {}),
    remarks: [
      ...found.remarks,
      ...instances.flatMap(({ id, zone, state, healthy }) => [
        ...(state === 'InService' ? [] : [`${id} (${zone}) is ${state}`]),
        ...(healthy ? [] : [`${id} (${zone}) is unhealthy: the group replaces it`]),
      ]),
      ...(isTold ? targetRemarks(targets) : [[targets.message, targets.hint].filter(Boolean).join('; ')]),
      ...(await comingRemarks(place, found.nodes)),
      ...worlds.flatMap(worldRemarks),
      ...leftRemarks(
        (await place.left()).map(({ world }) => world),
        'up',
      ),
    ],
  };
}

async function instancesIn(place: Place): ReturnType<typeof instancesOf> {
  const all = await Promise.all(
    (await place.regions()).map(async ({ region, made }) => {
      const group = await made('Nodes');
      return group === null ? [] : instancesOf(group, region);
    }),
  );
  return all.flat();
}

function worldRemarks({ region, name, stack, standing }: RegionWorld): string[] {
  const where = `the stack ${name} in ${region}`;
  switch (standing) {
    case 'none':
      return [`there is no stack ${name} in ${region}: lbctl up makes it`];
    case 'busy':
      return [`${where} is ${stack!.status}: something is being done with it`];
    case 'dead':
    case 'stuck':
      return [`${where} is ${stack!.status}: lbctl up brings it up from there`];
    case 'settled':
      return stack!.status === 'UPDATE_ROLLBACK_COMPLETE'
        ? [`the last change of ${where} was taken back: lbctl plan shows what is left to do`]
        : [];
  }
}
