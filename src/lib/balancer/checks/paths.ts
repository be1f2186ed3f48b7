import type { Fault } from '../fault.ts';
import { isRegex, parsePath } from '../paths.ts';
import { listenersOf, speaksHttp2 } from '../protocol.ts';
import type { Balancer, Path as PathOptions, Route } from '../schema/balancer.ts';
import { line } from '../schema/values.ts';
import { INVALID } from '../shape/kind.ts';
import type { Path } from '../place.ts';
import { UPSTREAM_ONLY, upstreamsOf } from '../upstreams.ts';
import { undefinedName } from './references.ts';
import { regexFault } from './regex.ts';

const ACTIONS = ['upstream', 'split', 'redirect', 'respond', 'static'] as const;

/** Faults of the paths: notation, what they lead to, options without effect. */
export function pathChecks(balancer: Balancer): Fault[] {
  return balancer.routes.flatMap((route, index) => {
    const at: Path = ['routes', index, 'paths'];
    if (Object.keys(route.paths).length === 0)
      return [{ path: at, message: 'the route has no path', hint: 'add one, such as /: web', lacks: at }];
    const faults = Object.entries(route.paths).flatMap(([key, options]) => [
      ...keyFaults(key, [...at, key]),
      ...actionFaults(options, [...at, key]),
      ...referenceFaults(balancer, options, [...at, key]),
      ...protocolFaults(balancer, route, options, [...at, key]),
      ...Object.keys(options.rewrite ?? {}).flatMap((regex) =>
        regexFault(regex, [...at, key, 'rewrite', regex]),
      ),
    ]);
    return [...faults, ...duplicateFaults(route, at), ...healthFaults(balancer, route, at)];
  });
}

function keyFaults(key: string, path: Path): Fault[] {
  const pattern = parsePath(key);
  const faults: Fault[] = [];
  if (line.read(key, [...path], faults) === INVALID)
    return faults.map((fault) => ({ ...fault, part: 'key' }));
  if (!pattern) {
    const hint = 'a path is /prefix/, = /exact, ^~ /prefix, ~ regex or ~* regex';
    return [{ path, part: 'key', message: `${JSON.stringify(key)} is not a path`, hint }];
  }
  if (!isRegex(pattern) && /\/(?:\/|\.{1,2}(?:\/|$))/u.test(pattern.value)) {
    const message = `no request has the path ${JSON.stringify(pattern.value)}`;
    return [
      {
        path,
        part: 'key',
        message,
        hint: 'NGINX joins // and resolves . and .. before it looks at the paths',
      },
    ];
  }
  return isRegex(pattern) ? regexFault(pattern.value, path, key.length - pattern.value.length) : [];
}

function actionFaults(options: PathOptions, path: Path): Fault[] {
  const given = ACTIONS.filter((action) => options[action] !== undefined);
  if (given.length === 0)
    return [
      {
        path,
        part: 'key',
        message: `the path leads nowhere; give it one of ${ACTIONS.join(', ')}`,
        lacks: path,
      },
    ];
  if (given.length > 1)
    return [
      { path, part: 'key', message: `the path leads to several things: ${given.join(' and ')}; give it one` },
    ];
  const [action] = given;
  if (action === 'upstream' || action === 'split') return [];
  const useless = UPSTREAM_ONLY.filter((key) => options[key] !== undefined && options[key] !== false);
  const faults: Fault[] = useless.map((key) => ({
    path: [...path, key],
    part: 'key',
    message: `${key} has no effect here: ${action} asks no upstream`,
  }));
  if (options.rewrite && action !== 'static') {
    faults.push({
      path: [...path, 'rewrite'],
      part: 'key',
      message: `rewrite has no effect here: ${action} does not look at the path`,
    });
  }
  return faults;
}

function referenceFaults(balancer: Balancer, options: PathOptions, path: Path): Fault[] {
  const upstream = (name: string | undefined, at: Path) =>
    name === undefined ? [] : undefinedName(balancer, 'upstreams', name, at);
  return [
    ...upstream(options.upstream, [...path, 'upstream']),
    ...upstream(options.mirror?.upstream, [...path, 'mirror']),
    ...Object.keys(options.split?.upstreams ?? {}).flatMap((name) =>
      upstream(name, [...path, 'split', 'upstreams', name]).map((fault): Fault => ({
        ...fault,
        part: 'key',
      })),
    ),
    ...(options.when ?? []).flatMap((condition, index) => [
      ...upstream(condition.upstream, [...path, 'when', index, 'upstream']),
      ...(condition.header || condition.cookie || condition.method
        ? []
        : [{ path: [...path, 'when', index], message: 'an exception needs a header, a cookie or a method' }]),
    ]),
  ];
}

function protocolFaults(balancer: Balancer, route: Route, options: PathOptions, path: Path): Fault[] {
  const used = upstreamsOf(options).flatMap((name) =>
    Object.hasOwn(balancer.upstreams, name) ? [balancer.upstreams[name]!] : [],
  );
  const [first] = used;
  if (!first) return [];
  if (used.some((upstream) => upstream.protocol !== first.protocol)) {
    return [
      { path, part: 'key', message: 'the upstreams of one path must all speak http or all speak grpc' },
    ];
  }
  if (used.some((upstream) => (upstream.tls === false) !== (first.tls === false))) {
    return [{ path, part: 'key', message: 'the upstreams of one path must all use tls or none of them' }];
  }
  if (first.protocol === 'http') return [];
  const faults: Fault[] = (['websocket', 'cache', 'buffering'] as const)
    .filter((key) => options[key] !== undefined && options[key] !== false)
    .map((key) => ({
      path: [...path, key],
      part: 'key',
      message: `${key} does not go with a grpc upstream`,
    }));
  if (!listenersOf(route, balancer).some((name) => speaksHttp2(balancer.listeners[name]!))) {
    faults.push({
      path,
      part: 'key',
      message: 'gRPC needs a listener that speaks HTTP/2',
      hint: 'add an https listener, or http2: true to a plain one',
      lacks: ['listeners'],
    });
  }
  return faults;
}

/** NGINX refuses two locations of the same kind and text; `/a` and `^~ /a` are of the same kind. */
function duplicateFaults(route: Route, at: Path): Fault[] {
  const seen = new Map<string, string>();
  return Object.keys(route.paths).flatMap((key): Fault[] => {
    const pattern = parsePath(key);
    if (!pattern) return [];
    const identity = `${pattern.modifier === '^~' ? '' : pattern.modifier} ${pattern.value}`;
    const first = seen.get(identity);
    seen.set(identity, key);
    return first === undefined
      ? []
      : [{ path: [...at, key], part: 'key', message: `the same path as ${JSON.stringify(first)}` }];
  });
}

function healthFaults({ health }: Balancer, route: Route, at: Path): Fault[] {
  if (route.host) return [];
  const taken = Object.keys(route.paths).find(
    (key) => parsePath(key)?.modifier === '=' && parsePath(key)?.value === health.path,
  );
  if (taken === undefined) return [];
  const hint = 'set health: { path: … } to another path';
  return [
    {
      path: [...at, taken],
      part: 'key',
      message: `${health.path} is the health location of the default server`,
      hint,
    },
  ];
}
