import type { Fault } from '../fault.ts';
import { protocolOf } from '../protocol.ts';
import type { Balancer } from '../schema/balancer.ts';

/** Names and ports by which one expects TLS. */
const NAMES = /^(?:https|tls|ssl)(?:[-_\d]|$)/iu;
export const TLS_PORTS: ReadonlySet<number> = new Set([443, 8443]);

/** Listeners that look like https and are not; TLS may end in front of them, which `protocol: http` says. */
export function plainRemarks({ listeners }: Balancer): Fault[] {
  return Object.entries(listeners)
    .filter(
      ([name, listener]) =>
        listener.protocol === undefined &&
        protocolOf(listener) === 'http' &&
        (NAMES.test(name) || TLS_PORTS.has(listener.port)),
    )
    .map(([name, { port }]) => ({
      path: ['listeners', name],
      part: 'key',
      message: `listener ${name} has no tls, so it speaks plain HTTP on port ${port}`,
      hint: 'add tls: { certificate: shop.pem, key: shop.key } or tls: { acme: { email: ops@example.com } }; where TLS ends in front of it, say so by protocol: http',
    }));
}
