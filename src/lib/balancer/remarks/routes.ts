import type { Fault } from '../fault.ts';
import { isHttp } from '../protocol.ts';
import type { Balancer } from '../schema/balancer.ts';

/** A balancer that listens for requests and has none of them go anywhere. */
export function routeRemarks({ listeners, routes, upstreams }: Balancer): Fault[] {
  const serves = Object.values(listeners).some((listener) => isHttp(listener) && !listener.redirect);
  if (!serves || routes.length > 0) return [];
  const [upstream] = Object.keys(upstreams);
  return [
    {
      path: ['routes'],
      message: 'there are no routes, so every request is refused',
      hint:
        upstream === undefined
          ? 'add upstreams: { web: [10.0.0.11:8080] } and routes: [{ paths: { /: web } }]'
          : `add routes: [{ paths: { /: ${upstream} } }]`,
    },
  ];
}
