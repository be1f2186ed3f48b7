import type { Balancer, Upstream } from '../balancer/schema/balancer.ts';
import { takesDatagramsAlone } from '../balancer/upstreams.ts';
import { nodeFailure } from '../release/failure.ts';
import { call } from '../release/node/call.ts';
import type { Node } from '../release/node/place.ts';
import { partsOf } from '../release/node/words.ts';
import { each } from '../release/rollout/each.ts';
import { atOnceOf } from '../release/rollout/survey.ts';
import { wordOf } from './drained.ts';
import type { KnownServer } from './together.ts';

/** A server that is asked, or is not as it is marked down. */
type AskedServer = Pick<KnownServer, 'upstream' | 'address' | 'down'>;

/** What a server answers. */
interface Reached {
  readonly state: 'up' | 'down' | 'not probed';
  /** In a few words. */
  readonly detail: string;
  /** Time to the answer; null where it was not taken. */
  readonly milliseconds: number | null;
}

/**
 * What servers answer the nodes of a balancer just now, by their words. They are asked as lb.yaml says for their upstream, and
 * for a connection where it has none of the name.
 */
export async function reachedFrom(
  nodes: readonly Node[],
  balancer: Balancer,
  servers: readonly AskedServer[],
): Promise<ReadonlyMap<string, Reached>> {
  const told = await each(nodes, atOnceOf(nodes), async (node) => ({
    node: node.transport.name,
    servers: await askNode(node, balancer, servers),
  }));
  const words = told[0] ? [...told[0].servers.keys()] : [];
  return new Map(
    words.map((word) => [word, agreedOn(told.map(({ node, servers }) => ({ node, ...servers.get(word)! })))]),
  );
}

async function askNode(
  node: Node,
  balancer: Balancer,
  servers: readonly AskedServer[],
): Promise<ReadonlyMap<string, Reached>> {
  const all = servers.map((server) => ({ word: wordOf(server), asked: endOf(balancer, server) }));
  const asked = all.flatMap(({ word, asked }) => (typeof asked === 'string' ? [] : [{ word, ...asked }]));
  const untold = all.map(({ word, asked }): [string, Reached] => {
    const detail = typeof asked === 'string' ? asked : 'the node does not tell';
    return [word, { state: 'not probed', detail, milliseconds: null }];
  });
  if (asked.length === 0) return new Map(untold);
  const ran = await call(node, 'reach', { ends: asked.map(({ line }) => line).join('\n') });
  if (ran.code !== 0) throw nodeFailure(node, ran);
  const told = partsOf(ran.stdout, 'reached').flatMap(
    ([number, state, detail = '', seconds = '']): [string, Reached][] => {
      const word = asked[Number(number)]?.word;
      if (word === undefined || (state !== 'up' && state !== 'down')) return [];
      const isTimed = state === 'up' && /^\d+[.,]\d+$/u.test(seconds);
      const milliseconds = isTimed ? Math.round(Number(seconds.replace(',', '.')) * 1000) : null;
      return [[word, { state, detail, milliseconds }]];
    },
  );
  return new Map([...untold, ...told]);
}

/** A server as the script of the node takes it; in words why it is not asked. */
function endOf(
  balancer: Balancer,
  { upstream: name, address, down }: AskedServer,
): string | { line: string } {
  const upstream = balancer.upstreams[name];
  if (down) return 'marked down';
  if (upstream && takesDatagramsAlone(balancer, name)) return 'udp';
  const path = upstream === undefined ? '' : healthPath(upstream);
  const tls = upstream?.tls ?? false;
  if (address.startsWith('unix:')) {
    const file = address.slice('unix:'.length);
    if (tls !== false || /\s/u.test(file)) return 'a socket of the node';
    return { line: `unix ${file} 0 ${path}` };
  }
  const [, host = '', port] = /^(\[.*\]|[^:]+)(?::(\d+))?$/u.exec(address) ?? [];
  if (path === '') return { line: `tcp ${host} ${port ?? 80}` };
  return {
    line: `${tls === false ? 'http' : 'https'} ${host} ${port ?? (tls === false ? 80 : 443)} ${path}`,
  };
}

/** The path by which an upstream is asked; '' for a connection alone. */
function healthPath({ health, protocol }: Upstream): string {
  return health.path !== undefined && protocol === 'http' ? encoded(health.path) : '';
}

/** A path without what would end its line, or its word. */
function encoded(path: string): string {
  return path.replaceAll(/[^\u0021-\u007e]/gu, encodeURIComponent);
}

/** What several nodes say of the same server, which is down where it is so for one of them. */
function agreedOn(told: readonly (Reached & { readonly node: string })[]): Reached {
  const down = told.filter(({ state }) => state === 'down');
  const { state, detail } = (down[0] ?? told[0])!;
  const times = told.flatMap(({ milliseconds }) => milliseconds ?? []);
  const some = down.length > 0 && down.length < told.length;
  return {
    state,
    detail: some ? `${detail} (from ${namesOf(down)})` : detail,
    milliseconds: state === 'up' && times.length > 0 ? Math.max(...times) : null,
  };
}

/** Nodes that are named where not all agree; of a fleet it is enough to know how many there are. */
const NAMED = 3;

function namesOf(nodes: readonly { readonly node: string }[]): string {
  const names = nodes.slice(0, NAMED).map(({ node }) => node);
  const more = nodes.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
