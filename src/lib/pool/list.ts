import type { Balancer, Server } from '../balancer/schema/balancer.ts';
import { fetchRelease } from '../release/fetch.ts';
import { observeNode } from '../release/history.ts';
import type { Node } from '../release/node/place.ts';
import { each } from '../release/rollout/each.ts';
import { atOnceOf } from '../release/rollout/survey.ts';
import { wordOf } from './drained.ts';
import { failuresAt, recentErrors } from './failures.ts';
import { serversIn } from './marked.ts';
import { openConnections, peersOf } from './peers.ts';

/** What the nodes do with a server: `absent` where no release has it, `mixed` where they do not agree. */
type Effective = 'serving' | 'drained' | 'down' | 'absent' | 'mixed';

/** A server of an upstream: as it is configured, and as the nodes have it. */
export interface Pooled {
  readonly address: string;
  /** Null where the nodes have a server that lb.yaml does not. */
  readonly configured: Omit<Server, 'address'> | null;
  readonly effective: Effective;
  /** Connections that are open to it, on all nodes together; null where a node does not know its address. */
  readonly connections: number | null;
  /** The same for each node. */
  readonly nodes: readonly {
    readonly node: string;
    readonly effective: Effective;
    readonly connections: number | null;
  }[];
  /** Errors of the last quarter of an hour. */
  readonly failures: number;
  readonly lastFailure: string | null;
}

interface PooledUpstream {
  readonly name: string;
  readonly servers: readonly Pooled[];
}

/** All servers of all upstreams, asked of the nodes; changes nothing. */
export async function listPool({ upstreams }: Balancer, nodes: readonly Node[]): Promise<PooledUpstream[]> {
  const asked = await askNodes(nodes);
  const served = asked.flatMap(({ servers }) => servers);
  const names = new Set([...Object.keys(upstreams), ...served.map(({ upstream }) => upstream)]);
  const list = [...names].map((name) => {
    const configured = upstreams[name]?.servers ?? [];
    const extra = served.filter(({ upstream }) => upstream === name).map(({ address }) => address);
    return {
      name,
      configured,
      addresses: [...new Set([...configured.map(({ address }) => address), ...extra])],
    };
  });
  const all = [...new Set(list.flatMap(({ addresses }) => addresses))];
  const facts = await each(nodes, atOnceOf(nodes), async (node) => ({
    open: await openConnections(node, all),
    peers: await peersOf(node, all),
    errors: await recentErrors(node),
  }));
  return list.map(({ name, configured, addresses }) => ({
    name,
    servers: addresses.map((address) => {
      const told = facts.map(({ peers, errors }) => failuresAt(peers.get(address) ?? [], errors));
      const found = configured.find((server) => server.address === address);
      const onNodes = asked.map((node, index) => ({
        node: node.name,
        effective: effectOn(node, name, address),
        connections: facts[index]!.open.get(address) ?? null,
      }));
      return {
        address,
        configured: found ? configuredIn(found) : null,
        effective: agreed(onNodes.map((on) => on.effective)),
        connections: sumOf(onNodes.map((on) => on.connections)),
        nodes: onNodes,
        failures: told.reduce((sum, { count }) => sum + count, 0),
        lastFailure: told.find(({ last }) => last !== null)?.last ?? null,
      };
    }),
  }));
}

interface Asked {
  readonly name: string;
  readonly servers: ReturnType<typeof serversIn>;
  readonly drained: ReadonlySet<string>;
}

async function askNodes(nodes: readonly Node[]): Promise<Asked[]> {
  // a release is the same on all nodes, so one is asked
  const fetched = new Map<string, Promise<ReturnType<typeof serversIn>>>();
  return each(nodes, atOnceOf(nodes), async (node) => {
    const { current, master, drained } = await observeNode(node);
    const name = node.transport.name;
    if (current === null || master === null) return { name, servers: [], drained: new Set(drained) };
    const servers = fetched.get(current) ?? fetchRelease(node, current).then(serversIn);
    fetched.set(current, servers);
    return { name, servers: await servers, drained: new Set(drained) };
  });
}

function effectOn({ servers, drained }: Asked, upstream: string, address: string): Effective {
  const found = servers.find((server) => server.upstream === upstream && server.address === address);
  if (!found) return 'absent';
  if (!found.down) return 'serving';
  return drained.has(wordOf({ upstream, address })) ? 'drained' : 'down';
}

function sumOf(counts: readonly (number | null)[]): number | null {
  return counts.reduce<number | null>(
    (sum, count) => (sum === null || count === null ? null : sum + count),
    0,
  );
}

function agreed([first = 'absent', ...others]: readonly Effective[]): Effective {
  return others.every((other) => other === first) ? first : 'mixed';
}

function configuredIn(server: Server): Omit<Server, 'address'> {
  const { address: _address, ...rest } = server;
  return { ...rest, backup: rest.backup ?? false, down: rest.down ?? false };
}
