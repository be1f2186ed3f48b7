import type { Balancer } from '../balancer/schema/balancer.ts';
import { type PoolServer, wordOf } from './drained.ts';
import type { ServedServer } from './marked.ts';

/** A server of what serves, of lb.yaml, or of both. */
export interface KnownServer extends PoolServer {
  /** Whether it is marked so, and not because it is drained. */
  readonly down: boolean;
  readonly drained: boolean;
  /** Whether what serves now has it. */
  readonly served: boolean;
  /** Whether lb.yaml has it. */
  readonly described: boolean;
}

/** What is known of what serves. */
interface Serving {
  /** Its servers; undefined where they are those of lb.yaml, or nothing serves. */
  readonly served: readonly ServedServer[] | undefined;
  readonly isServing: boolean;
  /** Words of the servers that are drained. */
  readonly drained: ReadonlySet<string>;
}

/** The upstreams of what serves and of lb.yaml, with the servers of both: those that serve first. */
export function together(
  { upstreams }: Balancer,
  { served, isServing, drained }: Serving,
): { readonly name: string; readonly servers: readonly KnownServer[] }[] {
  const names = new Set([...(served ?? []).map(({ upstream }) => upstream), ...Object.keys(upstreams)]);
  return [...names].map((upstream) => {
    const own = upstreams[upstream]?.servers ?? [];
    const theirs = (served ?? []).filter((server) => server.upstream === upstream);
    const addresses = new Set([...theirs, ...own].map(({ address }) => address));
    return {
      name: upstream,
      servers: [...addresses].map((address): KnownServer => {
        const there = theirs.find((server) => server.address === address);
        const here = own.find((server) => server.address === address);
        const isDrained = drained.has(wordOf({ upstream, address }));
        return {
          upstream,
          address,
          down: there ? there.down && !isDrained : (here?.down ?? false),
          drained: isDrained,
          served: served ? there !== undefined : isServing && here !== undefined,
          described: here !== undefined,
        };
      }),
    };
  });
}
