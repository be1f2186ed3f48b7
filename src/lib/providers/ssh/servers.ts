import type { Balancer } from '../../balancer/schema/balancer.ts';
import { UserError } from '../../errors.ts';
import { wordOf } from '../../pool/drained.ts';
import { type ServedServer, serversIn } from '../../pool/marked.ts';
import { reachedFrom } from '../../pool/reach.ts';
import { together } from '../../pool/together.ts';
import { alike } from '../../release/alike.ts';
import { fetchRelease } from '../../release/fetch.ts';
import type { Node } from '../../release/node/place.ts';
import { deadUpstreams } from '../dead-upstreams.ts';
import type { Status } from '../provider.ts';

/** A node that can be asked. */
interface Able {
  readonly node: Node;
  /** Release that answers there; null where none does. */
  readonly serving: string | null;
}

interface Known {
  /** Release that lb.yaml describes; null where it cannot be told. */
  readonly described: string | null;
  /** Words of the servers that are drained. */
  readonly drained: ReadonlySet<string>;
}

/** The servers of what the nodes serve and of lb.yaml, each asked by all of them just now; none where no node is there. */
export async function serversFrom(
  nodes: readonly Able[],
  balancer: Balancer,
  { described, drained }: Known,
): Promise<Pick<Status, 'upstreams' | 'remarks'>> {
  if (nodes.length === 0) return { upstreams: [], remarks: [] };
  const remarks: string[] = [];
  const orTold = async <Told>(work: Promise<Told>): Promise<Told | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      remarks.push(`${error.message}: what servers answer cannot be told`);
      return undefined;
    }
  };
  const isServing = nodes.some(({ serving }) => serving !== null);
  const releases = await orTold(servedBy(nodes, balancer, described));
  const all = together(balancer, { served: releases, isServing, drained });
  const reached = await orTold(
    reachedFrom(
      nodes.map(({ node }) => node),
      balancer,
      all.flatMap(({ servers }) => servers),
    ),
  );
  const upstreams = all.map(({ name, servers }) => ({
    name,
    servers: servers.map(({ address, drained, served, described }) => {
      const answer = reached?.get(wordOf({ upstream: name, address })) ?? UNKNOWN;
      return { address, ...answer, drained, served, described };
    }),
  }));
  return { upstreams, remarks: [...remarks, ...(reached ? deadUpstreams(upstreams, isServing) : [])] };
}

const UNKNOWN = { state: 'not probed', detail: 'the nodes do not tell', milliseconds: null } as const;

/** The servers of all releases that answer; undefined where they are those of lb.yaml. */
async function servedBy(
  nodes: readonly Able[],
  { upstreams }: Balancer,
  described: string | null,
): Promise<readonly ServedServer[] | undefined> {
  const releases = nodes.flatMap(({ node, serving }) => (serving === null ? [] : [{ node, serving }]));
  // a release is the same on all nodes, so one is asked
  const kinds = alike(releases, ({ serving }) => serving).map(([first]) => first);
  if (kinds.every(({ serving }) => serving === described)) return undefined;
  const own = Object.entries(upstreams).flatMap(([upstream, { servers }]) =>
    servers.map(({ address, down = false }) => ({ upstream, address, down })),
  );
  const found = kinds.map(async ({ node, serving }) =>
    serving === described ? own : serversIn(await fetchRelease(node, serving)),
  );
  return (await Promise.all(found)).flat();
}
