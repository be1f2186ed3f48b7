import { atLeast } from '../../nginx/version.ts';
import type { Fault } from '../fault.ts';
import type { Balancer, Server, Upstream } from '../schema/balancer.ts';
import type { Path } from '../place.ts';
import { hasNativeSticky, tlsName } from '../upstreams.ts';
import { discoveryFaults } from './discovery.ts';

/** Faults of the upstreams: servers that cannot be used, and features that the target NGINX does not have. */
export function upstreamChecks(balancer: Balancer): Fault[] {
  return Object.entries(balancer.upstreams).flatMap(([name, upstream]) => {
    const at: Path = ['upstreams', name];
    return [
      ...(upstream.discover ? discoveryFaults(balancer, upstream, at) : serverFaults(upstream, at)),
      ...duplicateFaults(upstream, at),
      ...nowhereFaults(upstream, at),
      ...methodFaults(balancer, upstream, at),
      ...featureFaults(balancer, upstream, at),
    ];
  });
}

/** Name of the balancing method as NGINX spells its directive. */
function methodOf({ balance }: Upstream): string {
  return typeof balance === 'string' ? balance : 'hash';
}

function serverFaults({ servers }: Upstream, at: Path): Fault[] {
  if (servers.length === 0)
    return [
      {
        path: at,
        part: 'key',
        message: `${at.join('.')} needs "servers" or "discover"`,
        hint: 'name its servers, such as servers: [10.0.0.11:8080], or say where they are found: discover: { lightsail: web-*, port: 8080 }',
      },
    ];
  const usable = servers.filter((server) => !isDown(server) && !isBackup(server));
  if (usable.length > 0) return [];
  const every = servers.every(isDown) ? 'down' : 'down or backup';
  return [
    { path: [...at, 'servers'], message: `every server is ${every}; NGINX needs one that gets traffic` },
  ];
}

function duplicateFaults({ servers }: Upstream, at: Path): Fault[] {
  return servers.flatMap((server, index) => {
    const first = servers.findIndex((other) => other.address === server.address);
    if (first === index) return [];
    return [
      {
        path: [...at, 'servers', index],
        message: `${server.address} is listed twice`,
        hint: 'use weight to give a server more',
      },
    ];
  });
}

/** Addresses to listen on, which some copy from there. */
function nowhereFaults({ servers }: Upstream, at: Path): Fault[] {
  return servers.flatMap(({ address }, index) =>
    /^(?:0\.0\.0\.0|\[[0:]+\])(?::|$)/u.test(address)
      ? [
          {
            path: [...at, 'servers', index],
            message: `${address} is an address to listen on, and none of a server`,
            hint: 'name the address at which the server is reached; 127.0.0.1 is the machine of NGINX itself',
          },
        ]
      : [],
  );
}

function methodFaults({ nginx }: Balancer, upstream: Upstream, at: Path): Fault[] {
  const method = methodOf(upstream);
  const faults: Fault[] = [];
  if (['ip_hash', 'hash', 'random'].includes(method)) {
    for (const [index, server] of upstream.servers.entries()) {
      if (isBackup(server))
        faults.push({
          path: [...at, 'servers', index],
          message: `a backup server does not go with ${method}`,
        });
      if (server.slow_start !== undefined)
        faults.push({
          path: [...at, 'servers', index, 'slow_start'],
          message: `slow_start does not go with ${method}`,
        });
    }
  }
  if (method === 'least_time' && !nginx.plus && !atLeast(nginx.version, '1.31.0')) {
    faults.push(needs([...at, 'balance'], 'least_time', 'NGINX 1.31.0 or NGINX Plus', nginx.version));
  }
  return faults;
}

function featureFaults({ nginx }: Balancer, upstream: Upstream, at: Path): Fault[] {
  const faults: Fault[] = [];
  const follows = nginx.plus || atLeast(nginx.version, '1.27.3');
  for (const [index, server] of upstream.servers.entries()) {
    const path = [...at, 'servers', index];
    if (server.slow_start !== undefined && !nginx.plus)
      faults.push(needs([...path, 'slow_start'], 'slow_start', 'NGINX Plus', nginx.version));
    if (server.resolve) {
      if (!follows)
        faults.push(needs([...path, 'resolve'], 'resolve', 'NGINX 1.27.3 or NGINX Plus', nginx.version));
      if (!nginx.resolver)
        faults.push({
          path: [...path, 'resolve'],
          message: 'resolve needs nginx.resolver',
          hint: 'on AWS: nginx: { resolver: [169.254.169.253] }',
        });
    }
  }
  const { active, path } = upstream.health;
  if (active && !nginx.plus)
    faults.push(needs([...at, 'health', 'active'], 'active', 'NGINX Plus', nginx.version));
  if (active && path === undefined)
    faults.push({ path: [...at, 'health', 'active'], message: 'active checks need health.path' });
  if (upstream.sticky && !hasNativeSticky(nginx) && methodOf(upstream) !== 'round_robin') {
    const hint = 'leave balance out, or set nginx.version to 1.29.6 or newer';
    faults.push({
      path: [...at, 'sticky'],
      message: `sticky goes with ${methodOf(upstream)} only from NGINX 1.29.6 and in NGINX Plus`,
      hint,
    });
  }
  const { tls } = upstream;
  if (tls && tls.verify && tlsName(upstream) === undefined) {
    const hint = 'set name to the host name in their certificate, or verify: false to take any certificate';
    faults.push({
      path: [...at, 'tls'],
      message: 'the servers are addresses, so it must be said which name they prove',
      hint,
    });
  }
  if (tls && (tls.certificate === undefined) !== (tls.key === undefined)) {
    faults.push({ path: [...at, 'tls'], message: 'certificate and key go together' });
  }
  return faults;
}

function needs(path: Path, what: string, required: string, version: string): Fault {
  return {
    path,
    part: 'key',
    message: `${what} needs ${required}; the target is NGINX ${version}`,
    hint: `set nginx: { version: … } if the target is newer, or nginx: { plus: true }`,
  };
}

function isDown(server: Server): boolean {
  return server.down === true;
}

function isBackup(server: Server): boolean {
  return server.backup === true;
}
