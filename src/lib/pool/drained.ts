import type { Server } from '../balancer/schema/balancer.ts';
import { UserError } from '../errors.ts';
import type { Surveyed } from '../release/rollout/survey.ts';
import type { Loaded } from '../source/load.ts';

/** A server of an upstream. */
export interface PoolServer {
  readonly upstream: string;
  /** As lb.yaml has it, with its port where it names one. */
  readonly address: string;
}

/** A drained server as nodes keep it: one word, `web/10.0.1.10:8080`. */
export function wordOf({ upstream, address }: PoolServer): string {
  return `${upstream}/${address}`;
}

/** Takes the word of a drained server apart; names of upstreams hold no slash, those of sockets do. */
export function serverOf(word: string): PoolServer {
  const at = word.indexOf('/');
  return { upstream: word.slice(0, at), address: word.slice(at + 1) };
}

/**
 * lb.yaml as it is to serve while servers are drained: they are marked so, and `drained` names them. Those that
 * lb.yaml does not have any more, or marks as down itself, are left out, and so forgotten by the nodes.
 * @param drained words as nodes keep them.
 * @throws UserError `failed` where an upstream would have no server left, or its servers could not be found.
 */
export function withDrained(
  loaded: Loaded,
  drained: readonly string[],
): Loaded & { readonly drained: readonly string[] } {
  if (loaded.undiscovered) throw loaded.undiscovered;
  const words = new Set(drained);
  const marked: string[] = [];
  const upstreams = Object.entries(loaded.balancer.upstreams).map(([name, upstream]) => {
    const servers = upstream.servers.map((server): Server => {
      const word = wordOf({ upstream: name, address: server.address });
      if (server.down === true || !words.has(word)) return server;
      marked.push(word);
      return { ...server, down: true, drained: true };
    });
    if (servers.every(({ down }) => down)) throw nobodyLeft(name, upstream.servers);
    return [name, { ...upstream, servers }] as const;
  });
  const balancer = { ...loaded.balancer, upstreams: Object.fromEntries(upstreams) };
  return { ...loaded, balancer, drained: marked };
}

function nobodyLeft(upstream: string, servers: readonly Server[]): UserError {
  const first = servers.find(({ down }) => down !== true);
  return new UserError(
    'failed',
    'all-drained',
    `upstream ${upstream} would have no server that takes connections: all that are up are drained`,
    {
      hint: `add another server, or lift a drain: lbctl pool undrain ${first!.address} --upstream ${upstream}`,
    },
  );
}

/** Words of the servers that are drained on some of the nodes. */
export function drainedOn(surveyed: readonly Pick<Surveyed, 'state'>[]): string[] {
  return [...new Set(surveyed.flatMap(({ state }) => state?.drained ?? []))];
}

/** Drained servers in words; undefined where there are none. */
export function drainedRemark(drained: readonly string[]): string | undefined {
  if (drained.length === 0) return undefined;
  const names = drained.map(serverOf).map(({ upstream, address }) => `${address} of ${upstream}`);
  const [address = '', ...others] = new Set(drained.map((word) => serverOf(word).address));
  return `drained: ${names.join(', ')}; back with lbctl pool undrain ${others.length === 0 ? address : 'SERVER'}`;
}
