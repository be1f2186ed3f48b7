import { HEALTH_PORTS } from '../balancer/ec2.ts';
import { block, type Built, type BuiltStatement, comment, directive, groups } from '../nginx/build.ts';
import type { Context } from './context.ts';
import { boundPort } from './sockets.ts';

/** What the load balancer of ec2 asks: no listener, as one that is new or gone is no reason to replace a node. */
export function healthServer({ layout }: Context): Built {
  const [plain, proxied] = HEALTH_PORTS;
  return block(
    'server',
    [],
    groups(
      [
        comment(
          'Health of this node for the load balancer, whatever the listeners are; the second one with the PROXY protocol.',
        ),
        directive('listen', boundPort(layout, plain)),
        directive('listen', boundPort(layout, proxied), 'proxy_protocol'),
        directive('access_log', 'off'),
      ],
      [block('location', ['/'], [directive('default_type', 'text/plain'), directive('return', 200, 'ok\n')])],
    ),
  );
}

/** Has `$lbctl_scheme` hold what the client speaks, where NGINX itself gets less than that. */
export function endedTls({ ended, layout }: Context): BuiltStatement[] {
  if (ended.size === 0) return [];
  return [
    comment('TLS ends at the load balancer in front of these ports.'),
    block(
      'map',
      ['$server_port', '$lbctl_scheme'],
      [
        ...[...ended].map((port) => directive(String(boundPort(layout, port)), 'https')),
        directive('default', '$scheme'),
      ],
    ),
  ];
}
