import type { Fault } from '../fault.ts';
import { isHttp, listenersOf, protocolOf } from '../protocol.ts';
import type { Balancer, Route } from '../schema/balancer.ts';
import type { Path } from '../place.ts';
import { undefinedName } from './references.ts';

/** Faults of the routes as such: listeners, hosts that are taken, policies that the target cannot carry out. */
export function routeChecks(balancer: Balancer): Fault[] {
  const faults = balancer.routes.flatMap((route, index) => {
    const at: Path = ['routes', index];
    return [...listenerFaults(balancer, route, at), ...policyFaults(balancer, route, at)];
  });
  return [...faults, ...hostFaults(balancer)];
}

function listenerFaults(balancer: Balancer, route: Route, at: Path): Fault[] {
  const faults = (route.listeners ?? []).flatMap((name, index): Fault[] => {
    const path = [...at, 'listeners', index];
    const unknown = undefinedName(balancer, 'listeners', name, path);
    if (unknown.length > 0) return unknown;
    const listener = balancer.listeners[name]!;
    if (!isHttp(listener))
      return [
        {
          path,
          message: `listener ${name} speaks ${protocolOf(listener)}; routes are served on http and https`,
        },
      ];
    if (listener.redirect)
      return [{ path, message: `listener ${name} redirects every request to ${listener.redirect.to}` }];
    return [];
  });
  if (faults.length > 0) return faults;
  const serving = listenersOf(route, balancer);
  if (serving.length === 0) {
    return [
      {
        path: at,
        message: 'no http or https listener serves this route',
        hint: 'add one to listeners, such as http: { port: 80 }',
        lacks: ['listeners'],
      },
    ];
  }
  if (route.tls && !serving.some((name) => protocolOf(balancer.listeners[name]!) === 'https')) {
    return [
      {
        path: [...at, 'tls'],
        part: 'key',
        message: 'the route has a certificate, but no https listener serves it',
        lacks: ['listeners'],
      },
    ];
  }
  return [];
}

/** A host on a listener belongs to one route, as one server block answers for it. */
function hostFaults(balancer: Balancer): Fault[] {
  const faults: Fault[] = [];
  /** Route that answers, by listener and host; `*` stands for all other hosts. */
  const taken = new Map<string, number>();
  for (const [index, route] of balancer.routes.entries()) {
    const listeners = listenersOf(route, balancer);
    for (const [place, host] of (route.host ?? ['*']).entries()) {
      const keys = listeners.map((name) => `${name} ${host.toLowerCase()}`);
      const owner = keys.map((key) => taken.get(key)).find((other) => other !== undefined);
      for (const key of keys) taken.set(key, index);
      if (owner !== undefined) faults.push(takenHost(route, index, place, owner === index));
    }
  }
  return faults;
}

function takenHost({ host }: Route, index: number, place: number, bySelf: boolean): Fault {
  const hint = 'put the paths of both into one route';
  if (!host)
    return {
      path: ['routes', index],
      message: 'there are two routes without a host, and one can take all other hosts',
      hint,
    };
  const path = ['routes', index, 'host', place];
  return bySelf
    ? { path, message: `host ${host[place]} is listed twice` }
    : { path, message: `host ${host[place]} has a route already`, hint };
}

function policyFaults(balancer: Balancer, route: Route, at: Path): Fault[] {
  const holders = [
    { policies: route, path: at },
    ...Object.entries(route.paths).map(([key, path]) => ({ policies: path, path: [...at, 'paths', key] })),
  ];
  return holders.flatMap(({ policies: { auth, waf }, path }) => {
    const faults: Fault[] = [];
    if (auth) {
      const kinds = Object.keys(auth);
      if (kinds.length !== 1)
        faults.push({ path: [...path, 'auth'], message: 'auth takes exactly one of basic, request and jwt' });
      if (auth.jwt && !balancer.nginx.plus) {
        faults.push({
          path: [...path, 'auth', 'jwt'],
          part: 'key',
          message: 'jwt needs NGINX Plus',
          hint: 'set nginx: { plus: true } if the target is NGINX Plus',
        });
      }
      if (auth.request)
        faults.push(
          ...undefinedName(balancer, 'upstreams', auth.request.upstream, [
            ...path,
            'auth',
            'request',
            'upstream',
          ]),
        );
    }
    if (waf?.on && !balancer.nginx.modules.includes('modsecurity')) {
      faults.push({
        path: [...path, 'waf'],
        part: 'key',
        message: 'waf needs the module modsecurity',
        hint: 'install it on the target and set nginx: { modules: [modsecurity] }',
      });
    }
    return faults;
  });
}
