import { nodeFailure } from '../release/failure.ts';
import { call } from '../release/node/call.ts';
import type { Node } from '../release/node/place.ts';
import { partsOf } from '../release/node/words.ts';
import { peerAddress } from './peer-address.ts';

/**
 * Connections that NGINX Plus uses just now to a server, by its API: those that are kept open for later requests are not
 * among them. Undefined where it does not tell, or where workers that leave may have others.
 */
export async function activeConnections(
  node: Node,
  address: string,
  upstreams: readonly string[],
): Promise<number | undefined> {
  const ran = await call(node, 'upstreams');
  if (ran.code !== 0) throw nodeFailure(node, ran);
  const wanted = peerAddress(address);
  const counts = ['http', 'stream'].flatMap((module) =>
    partsOf(ran.stdout, module).flatMap(([text = '']) =>
      upstreams.flatMap((upstream) => activeIn(text, upstream, wanted)),
    ),
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

/** Counts of the peers of an upstream that have an address; none where the answer is of another form. */
function activeIn(text: string, upstream: string, address: string | undefined): number[] {
  const { peers } = record(record(parsed(text))[upstream]);
  if (!Array.isArray(peers)) return [];
  return peers
    .map(record)
    .flatMap(({ server, active }) => (server === address && typeof active === 'number' ? [active] : []));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
