import { atLeast } from '../../../nginx/version.ts';
import { ec2Of, HEALTH_PORTS, isLoopback, proxyPortOf } from '../../ec2.ts';
import type { Fault } from '../../fault.ts';
import { protocolOf } from '../../protocol.ts';
import type { Balancer } from '../../schema/balancer.ts';

/** Listeners that a Network Load Balancer can have ("Quotas for your Network Load Balancers"). */
const MOST_LISTENERS = 50;

/** Target groups that an Auto Scaling group can have ("Quotas for Amazon EC2 Auto Scaling"). */
const MOST_TARGET_GROUPS = 50;

/** Faults of listeners behind a Network Load Balancer. */
export function listenerFaults(balancer: Balancer): Fault[] {
  const { listeners, nginx } = balancer;
  const entries = Object.entries(listeners);
  const faults = entries.flatMap(([name, listener]): Fault[] => {
    const at = ['listeners', name];
    const { address, ipv6, tls, proxy_protocol: proxy } = listener;
    return [
      ...(address !== undefined && !isLoopback(address)
        ? [
            {
              path: [...at, 'address'],
              message: `nodes get addresses of their own, and ${address} is not for all of them`,
              hint: 'take address out, or take 127.0.0.1 for what the node alone may reach',
            },
          ]
        : []),
      ...(ipv6
        ? [
            {
              path: [...at, 'ipv6'],
              message: 'the load balancer in front has IPv4 alone, and speaks it with the nodes',
              hint: 'take ipv6 out',
            },
          ]
        : []),
      ...(proxy
        ? [
            {
              path: [...at, 'proxy_protocol'],
              part: 'key' as const,
              message: 'on ec2 the load balancer and NGINX are told of the PROXY protocol together',
              hint: 'take it out here and write ec2: { proxy_protocol: true }',
            },
          ]
        : []),
      ...(tls?.acme
        ? [
            {
              path: [...at, 'tls', 'acme'],
              part: 'key' as const,
              message: 'nodes of ec2 come and go, and cannot each get a certificate of their own',
              hint: `let the load balancer end TLS, tls: { acm: arn:aws:acm:… } (aws acm list-certificates), or name files, which travel in the release`,
            },
          ]
        : []),
      ...(tls?.acm && listener.http2 && !atLeast(nginx.version, '1.25.1')
        ? [
            {
              path: [...at, 'http2'],
              message: `behind TLS that the load balancer ends, HTTP/2 takes NGINX 1.25.1, and nginx.version is ${nginx.version}`,
              hint: 'take http2 out, or set nginx: { version: "1.28" } where the image has it',
            },
          ]
        : []),
    ];
  });
  if (entries.length > MOST_LISTENERS)
    faults.push({
      path: ['listeners'],
      part: 'key',
      message: `a Network Load Balancer has ${MOST_LISTENERS} listeners at most, and here are ${entries.length}`,
    });
  else if (ec2Of(balancer).proxy_protocol !== false && 2 * entries.length > MOST_TARGET_GROUPS)
    faults.push({
      path: ['ec2', 'proxy_protocol'],
      message: `the PROXY protocol takes two target groups a listener, and an Auto Scaling group has ${MOST_TARGET_GROUPS} at most`,
      hint: `take it out, or have ${MOST_TARGET_GROUPS / 2} listeners at most`,
    });
  return faults;
}

/** Ports that nodes need for themselves, and what one port of the load balancer cannot do. */
export function portFaults(balancer: Balancer): Fault[] {
  const { listeners, metrics } = balancer;
  const entries = Object.entries(listeners);
  const health: readonly number[] = HEALTH_PORTS;
  const isProxied = ec2Of(balancer).proxy_protocol !== false;
  const proxied = isProxied
    ? entries.map(([name, { port }]) => ({ name, port, proxy: proxyPortOf(port) }))
    : [];
  const used = [
    ...entries.map(([name, { port }]) => ({ path: ['listeners', name, 'port'], port })),
    { path: ['metrics', 'port'], port: metrics.port },
  ];
  const own = used.flatMap(({ path, port }): Fault[] => {
    if (health.includes(port))
      return [{ path, message: `port ${port} of nodes tells the load balancer whether they are alive` }];
    const owner = proxied.find(({ proxy }) => proxy === port);
    if (owner === undefined) return [];
    return [
      {
        path,
        message: `port ${port} of nodes is where listener ${owner.name} expects the PROXY protocol`,
        hint: 'take another port',
      },
    ];
  });
  const same = proxied.flatMap(({ name, port, proxy }, index): Fault[] => {
    const other = proxied.slice(0, index).find((one) => one.proxy === proxy && one.port !== port);
    if (!other) return [];
    return [
      {
        path: ['listeners', name, 'port'],
        message: `nodes would expect the PROXY protocol for ${name} and for ${other.name} at the same port ${proxy}`,
        hint: 'take another port; below 12000 all have one of their own',
      },
    ];
  });
  const shared = entries.flatMap(([name, listener]): Fault[] => {
    if (!listener.tls?.acm) return [];
    const other = entries.find(
      ([, { port, ...rest }]) => port === listener.port && protocolOf({ port, ...rest }) === 'udp',
    );
    if (!other) return [];
    return [
      {
        path: ['listeners', name, 'tls', 'acm'],
        part: 'key',
        message: `the load balancer cannot end TLS on a port that has UDP, too: listener ${other[0]} has port ${listener.port}`,
        hint: 'name the files of a certificate in place of acm, or take another port',
      },
    ];
  });
  return [...own, ...same, ...shared];
}
