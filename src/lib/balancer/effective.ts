import { WEBSOCKET_SILENCE } from './defaults.ts';
import type { Path, Route } from './schema/balancer.ts';

/** Options that a route and its paths share. */
export type Policies = Pick<
  Route,
  | 'timeout'
  | 'retries'
  | 'max_body_size'
  | 'buffering'
  | 'rate_limit'
  | 'connection_limit'
  | 'allow'
  | 'deny'
  | 'auth'
  | 'request_headers'
  | 'response_headers'
  | 'hsts'
  | 'cache'
  | 'waf'
>;

/**
 * The options of a path: its own, and for the rest those of the route. Timeouts, retries and headers, whose parts stand
 * for themselves, are put together.
 */
export function effective(route: Route, path: Path): Policies {
  const { timeout, retries } = path;
  return {
    ...route,
    ...(defined(path) as Policies),
    ...together('timeout', route.timeout, { ...(path.websocket ? SILENCE : {}), ...defined(timeout ?? {}) }),
    ...(retries === false ? { retries } : together('retries', route.retries || undefined, retries)),
    ...(retries === undefined && route.retries === false ? { retries: false as const } : {}),
    ...together('request_headers', route.request_headers, path.request_headers),
    ...together('response_headers', route.response_headers, path.response_headers),
  };
}

const SILENCE = { send: WEBSOCKET_SILENCE, read: WEBSOCKET_SILENCE };

/** One key with the parts of both, those of the path before those of the route; nothing where neither has any. */
function together(key: string, route: object | undefined, path: object | undefined): Policies {
  const parts = { ...defined(route ?? {}), ...defined(path ?? {}) };
  return Object.keys(parts).length === 0 ? {} : ({ [key]: parts } as Policies);
}

/** An object without the keys that stand for nothing. */
export function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Value;
}
