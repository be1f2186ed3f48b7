import { isOnNode } from '../../ec2.ts';
import type { Fault } from '../../fault.ts';
import type { Balancer } from '../../schema/balancer.ts';

/** Servers that would have to run on the nodes themselves, where there is nothing but NGINX. */
export function serverFaults({ upstreams, listeners }: Balancer): Fault[] {
  const own = new Set(Object.values(listeners).map(({ port }) => String(port)));
  return Object.entries(upstreams).flatMap(([name, { servers = [] }]) =>
    servers.flatMap(({ address }, index): Fault[] => {
      // a listener may lead to another one
      if (!isOnNode(address) || (!address.startsWith('unix:') && own.has(portOf(address)))) return [];
      return [
        {
          path: ['upstreams', name, 'servers', index],
          message: `${address} is the node itself, on which nothing runs but NGINX`,
          hint: 'name an address that nodes reach, such as 10.1.4.11:8080',
        },
      ];
    }),
  );
}

function portOf(address: string): string {
  return /:(\d+)$/u.exec(address)?.[1] ?? '80';
}
