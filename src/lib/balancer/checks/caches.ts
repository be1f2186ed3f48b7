import type { Fault } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';
import { undefinedName } from './references.ts';

/** Faults of what is cached: caches that are not defined. */
export function cacheChecks(balancer: Balancer): Fault[] {
  return balancer.routes.flatMap((route, index) => {
    const at = ['routes', index] as const;
    const used = [
      { cache: route.cache, path: [...at, 'cache'] },
      ...Object.entries(route.paths).map(([key, { cache }]) => ({
        cache,
        path: [...at, 'paths', key, 'cache'],
      })),
    ];
    return used.flatMap(({ cache, path }) =>
      cache ? undefinedName(balancer, 'caches', cache.zone, path) : [],
    );
  });
}
