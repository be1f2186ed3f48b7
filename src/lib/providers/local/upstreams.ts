import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { takesDatagramsAlone } from '../../balancer/upstreams.ts';
import { type ServedServer, serversIn } from '../../pool/marked.ts';
import { type KnownServer, together } from '../../pool/together.ts';
import type { ReleaseFile } from '../../release/build.ts';
import type { ServerState, Status } from '../provider.ts';
import type { Places } from './places.ts';
import { probe } from './probe.ts';

/** The upstreams of what serves and of lb.yaml, with each of their servers asked just now. */
export function probeAll(
  balancer: Balancer,
  serving: Parameters<typeof together>[1],
): Promise<Status['upstreams']> {
  return Promise.all(
    together(balancer, serving).map(async ({ name, servers }) => {
      const upstream = balancer.upstreams[name];
      const datagrams = upstream !== undefined && takesDatagramsAlone(balancer, name);
      const ask = async (server: KnownServer): Promise<ServerState> => {
        const { drained, served, described } = server;
        return { ...(await probe(upstream, server, datagrams)), drained, served, described };
      };
      return { name, servers: await Promise.all(servers.map(ask)) };
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
