import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Balancer, Server } from '../../balancer/schema/balancer.ts';
import { takesDatagramsAlone } from '../../balancer/upstreams.ts';
import { wordOf } from '../../pool/drained.ts';
import { type ServedServer, serversIn } from '../../pool/marked.ts';
import type { ReleaseFile } from '../../release/build.ts';
import type { ServerState, Status } from '../provider.ts';
import type { Places } from './places.ts';
import { probe } from './probe.ts';

/** What is asked about servers. */
interface Question {
  /** Servers that what serves has; undefined where that is what lb.yaml says, or nothing serves. */
  readonly served: readonly ServedServer[] | undefined;
  readonly isServing: boolean;
  /** Words of the servers that are drained. */
  readonly drained: ReadonlySet<string>;
}

/** The upstreams of what serves and of lb.yaml, with each of their servers asked just now. */
export function probeAll(
  balancer: Balancer,
  { served, isServing, drained }: Question,
): Promise<Status['upstreams']> {
  const { upstreams } = balancer;
  const names = new Set([...(served ?? []).map(({ upstream }) => upstream), ...Object.keys(upstreams)]);
  const stateOf = async (name: string, server: Pick<Server, 'address' | 'down'>): Promise<ServerState> => {
    const { address } = server;
    const upstream = upstreams[name];
    const own = upstream?.servers.some((other) => other.address === address) ?? false;
    const isServed = served?.some((other) => other.upstream === name && other.address === address);
    return {
      ...(await probe(upstream, server, upstream !== undefined && takesDatagramsAlone(balancer, name))),
      drained: drained.has(wordOf({ upstream: name, address })),
      served: isServed ?? (isServing && own),
      described: own,
    };
  };
  return Promise.all(
    [...names].map(async (name) => {
      const serving = (served ?? [])
        .filter(({ upstream }) => upstream === name)
        .map(({ address, down }) => ({
          address,
          down: down && !drained.has(wordOf({ upstream: name, address })),
        }));
      const known = new Set(serving.map(({ address }) => address));
      const others = (upstreams[name]?.servers ?? []).filter(({ address }) => !known.has(address));
      return {
        name,
        servers: await Promise.all([...serving, ...others].map((server) => stateOf(name, server))),
      };
    }),
  );
}

/** The servers of a release as its configuration names them; undefined where its folder is gone. */
export async function servedBy(
  { releases }: Places,
  digest: string,
): Promise<readonly ServedServer[] | undefined> {
  try {
    const folder = join(releases, digest);
    const paths = await readdir(folder, { recursive: true });
    const configuration = paths.filter((path) => path.endsWith('.conf'));
    const files = configuration.map(async (path): Promise<ReleaseFile> => ({
      path,
      content: await readFile(join(folder, path)),
      mode: 0o644,
    }));
    return serversIn(await Promise.all(files));
  } catch {
    return undefined;
  }
}
