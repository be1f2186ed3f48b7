import { readFileSync } from 'node:fs';
import { protocolOf } from '../../balancer/protocol.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { type Layout, OWN_CERTIFICATE_PLACES, SYSTEM_CA } from '../../render/layout.ts';

/** Added to a port that an ordinary user may not bind: 80 becomes 8080, 443 becomes 8443. */
const PORT_SHIFT = 8000;

/** Default of `metrics.port`; every balancer on a machine needs another one. */
const DEFAULT_METRICS_PORT = 8099;

/** Places below the prefix; relative paths start there. */
export function localLayout(balancer: Balancer, firstFreePort: number, isRoot: boolean): Layout {
  return {
    // A prefix in a home folder can be closed to other users, so the workers stay the user who starts them.
    user: isRoot ? 'root' : null,
    pid: 'run/nginx.pid',
    errorLog: 'logs/error.log',
    accessLog: 'logs/access.log',
    streamLog: 'logs/stream.log',
    cacheFolder: 'cache',
    tempFolder: 'temp',
    systemCa: SYSTEM_CA,
    ...OWN_CERTIFICATE_PLACES,
    modules: 'modules/*.conf',
    loads: [],
    folder: '',
    ports: portMap(balancer, firstFreePort),
  };
}

/**
 * Ports that this machine binds instead of those of lb.yaml.
 * @param firstFreePort lowest port that the user may bind.
 */
export function portMap({ listeners, metrics }: Balancer, firstFreePort: number): Map<number, number> {
  const wanted = [...new Set(Object.values(listeners).map(({ port }) => port))];
  const taken = new Set([...wanted, metrics.port]);
  const map = new Map<number, number>();
  for (const port of wanted.filter((candidate) => candidate < firstFreePort)) {
    let bound = port + PORT_SHIFT;
    while (taken.has(bound)) bound++;
    taken.add(bound);
    map.set(port, bound);
  }
  if (metrics.port === DEFAULT_METRICS_PORT) map.set(metrics.port, metricsPort(listeners, map, taken));
  return map;
}

/** A port that follows from the first listener, so that balancers side by side do not meet. */
function metricsPort(
  listeners: Balancer['listeners'],
  map: ReadonlyMap<number, number>,
  taken: ReadonlySet<number>,
): number {
  const first =
    Object.values(listeners).find((listener) => protocolOf(listener) !== 'udp') ??
    Object.values(listeners)[0]!;
  const base = map.get(first.port) ?? first.port;
  let port = base + 10_000 > 65_535 ? base - 10_000 : base + 10_000;
  while (taken.has(port)) port++;
  return port;
}

/** Lowest port that the user of this process may bind. */
export function firstUnprivilegedPort(isRoot: boolean): number {
  if (isRoot) return 1;
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    // not Linux: macOS lets everybody bind every port on all addresses, other systems keep the old rule
    return process.platform === 'darwin' ? 1 : 1024;
  }
}
