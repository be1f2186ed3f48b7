import { UserError } from '../../errors.ts';
import type { NodeStatus, Status } from '../provider.ts';
import type { Host, Known } from '../ssh/hosts.ts';
import { status as statusOf } from '../ssh/status.ts';
import { dollars } from './cost.ts';
import { isReady } from './decide.ts';
import { pricesIn } from './observe.ts';
import { isAskable, type Place } from './place.ts';
import { isLeaving, type Machine } from './world.ts';

/**
 * What instances there are, and what they serve.
 * @param describe release that lb.yaml asks for on some nodes with some servers drained, or why that cannot be told.
 */
export async function status(
  place: Place,
  describe: (drained: readonly string[], known: readonly Known[]) => Promise<string | UserError>,
): Promise<Status> {
  const worlds = await place.worlds();
  const { count, regions } = await place.wanted();
  const machines = worlds.flatMap((world) => world.machines.filter((machine) => !isLeaving(machine)));
  if (machines.length === 0) return nothing(count * regions.length);
  const places = worlds.filter((world) => world.machines.length > 0).map(({ region }) => region);
  const prices = new Map(
    await Promise.all(places.map(async (region) => [region, await pricesIn(place.apiIn(region))] as const)),
  );
  const hosts = machines.map((machine) => (isAskable(machine) ? place.hostOf(machine) : silent(machine)));
  const found = await statusOf(hosts, place.loaded, async (drained) => {
    const known = await Promise.all(hosts.map((host) => host.ask().catch(() => null)));
    const able = known.filter((node) => node !== null);
    return able.length === 0 ? notAsked() : describe(drained, able);
  });
  const nodes = found.nodes.map((node, index): NodeStatus => {
    const machine = machines[index]!;
    const { zone, bundle, address, privateAddress } = machine;
    const monthly = prices.get(machine.region)?.get(bundle) ?? null;
    return { ...node, machine: { zone, size: bundle, address, privateAddress, monthly } };
  });
  const monthly = nodes.reduce((sum, node) => sum + (node.machine!.monthly ?? Number.NaN), 0);
  const missing = count * regions.length - machines.length;
  return {
    ...found,
    nodes,
    remarks: [
      ...found.remarks,
      ...(missing > 0
        ? [`${missing} of ${count * regions.length} instances are missing: lbctl up makes them`]
        : []),
      ...(Number.isNaN(monthly) ? [] : [`the instances cost ${dollars(monthly)} a month`]),
    ],
  };
}

/** An instance that cannot be asked, and why. */
function silent(machine: Machine): Host {
  const { name, state } = machine;
  const why = state === 'running' && !isReady(machine) ? 'has no NGINX of lbctl yet' : `is ${state}`;
  const error = new UserError('failed', 'not-running', `${name} ${why}`, {
    hint: state === 'pending' ? 'it starts: look again in a minute' : 'lbctl up brings it up',
  });
  const transport = { name, run: () => Promise.reject(error), close: async () => undefined };
  return { name, transport, ask: () => Promise.reject(error) };
}

function notAsked(): UserError {
  return new UserError('failed', 'no-node', 'no instance can be asked');
}

function nothing(count: number): Status {
  return {
    running: false,
    pid: null,
    workers: [],
    nginx: null,
    serving: null,
    described: null,
    sockets: [],
    connections: null,
    upstreams: [],
    nodes: [],
    certificates: [],
    errors: [],
    remarks: [`there is no instance: lbctl up makes ${count === 1 ? 'one' : count}`],
  };
}
