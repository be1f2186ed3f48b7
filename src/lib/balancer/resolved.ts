import { ec2Of } from './ec2.ts';
import { defined, effective } from './effective.ts';
import { PROXY_DEFAULTS, STREAM_DEFAULTS } from './defaults.ts';
import { isHttp, listenersOf, protocolOf, speaksHttp2 } from './protocol.ts';
import type { Balancer, Listener, Path, Route, Upstream } from './schema/balancer.ts';
import type { Path as Place } from './place.ts';
import { UPSTREAM_ONLY } from './upstreams.ts';

/** Where a value of the resolved balancer comes from. */
export type Origin = 'given' | 'default' | 'route';

/** The balancer with also those defaults filled in that depend on other values. */
export function resolved(balancer: Balancer): Balancer {
  return {
    ...balancer,
    ...(balancer.provider === 'ec2' ? { ec2: ec2Of(balancer) } : {}),
    listeners: mapValues(balancer.listeners, resolvedListener),
    upstreams: mapValues(balancer.upstreams, resolvedUpstream),
    routes: balancer.routes.map((route) => resolvedRoute(route, balancer)),
  };
}

function resolvedRoute(route: Route, balancer: Balancer): Route {
  const { host, listeners: _, paths, ...rest } = route;
  return {
    host,
    listeners: listenersOf(route, balancer),
    ...rest,
    paths: mapValues(paths, (path) => resolvedPath(route, path)),
  };
}

/** Servers that are found are not part of lb.yaml. */
function resolvedUpstream({ servers, ...rest }: Upstream): Upstream {
  return (rest.discover ? rest : { servers, ...rest }) as Upstream;
}

function resolvedListener(listener: Listener): Listener {
  const protocol = protocolOf(listener);
  if (isHttp(listener)) return { ...listener, protocol, http2: speaksHttp2(listener) };
  return { ...STREAM_DEFAULTS, ...defined(listener), protocol };
}

/** What the route says holds for a path that does not say otherwise. */
function resolvedPath(route: Route, path: Path): Path {
  const {
    host: _host,
    listeners: _listeners,
    tls: _tls,
    paths: _paths,
    snippet: _snippet,
    ...policies
  } = defined(effective(route, path) as Route);
  const own = defined(path);
  const merged = {
    ...own,
    ...policies,
    ...(own.snippet === undefined ? {} : { snippet: own.snippet }),
  } as Path;
  if (path.upstream === undefined && !path.split) {
    return Object.fromEntries(
      Object.entries(merged).filter(([key]) => key in own || !UPSTREAM_KEYS.has(key)),
    ) as Path;
  }
  return {
    ...merged,
    timeout: { ...PROXY_DEFAULTS.timeout, ...merged.timeout },
    retries:
      merged.retries === false
        ? false
        : { ...PROXY_DEFAULTS.retries, on: [...PROXY_DEFAULTS.retries.on], ...merged.retries },
    max_body_size: merged.max_body_size ?? PROXY_DEFAULTS.max_body_size,
  };
}

const UPSTREAM_KEYS: ReadonlySet<string> = new Set(UPSTREAM_ONLY);

/**
 * Where the value at a place of the resolved balancer comes from.
 * @param data lb.yaml as it was read: short forms stand for the values that they set.
 */
export function originOf(data: unknown, place: Place, value: unknown): Origin {
  if (isGiven(data, place, value)) return 'given';
  const [section, index, paths, , ...rest] = place;
  if (section === 'routes' && paths === 'paths' && isGiven(data, [section, index!, ...rest], value, true))
    return 'route';
  return 'default';
}

/** @param exactly whether another value than the one that is there is not given */
function isGiven(data: unknown, place: Place, value: unknown, exactly = false): boolean {
  let current = data;
  for (const key of place) {
    // unlike that of buffering, it is not short for its parts
    if (current === false && place.includes('retries')) return false;
    if (typeof current !== 'object' || current === null) return String(current) === String(value);
    // a list where a mapping with a list stands in the long form
    if (Array.isArray(current) && typeof key === 'string') continue;
    if (!Object.hasOwn(current, key)) return false;
    current = (current as Record<string | number, unknown>)[key];
  }
  if (exactly && typeof current !== 'object') return String(current) === String(value);
  return current !== undefined;
}

function mapValues<Value>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
