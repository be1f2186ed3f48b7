import type { Found } from '../balancer/found.ts';

/** An upstream for which far fewer servers were found than it has now. */
export interface Shrunk {
  readonly upstream: string;
  readonly before: number;
  readonly now: number;
}

/**
 * Upstreams that would lose more than half of their servers: rather a slip in a name or a tag, or a part of a list that
 * did not come, than what somebody wants.
 * @param serving what NGINX has now.
 */
export function farFewer(
  found: Found,
  serving: readonly { readonly upstream: string; readonly address: string }[],
): Shrunk[] {
  return Object.entries(found).flatMap(([upstream, servers]) => {
    const before = serving.filter((server) => server.upstream === upstream).length;
    const now = servers.length;
    return now * 2 < before ? [{ upstream, before, now }] : [];
  });
}
