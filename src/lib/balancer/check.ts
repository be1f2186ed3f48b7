import { cacheChecks } from './checks/caches.ts';
import { dnsChecks } from './checks/dns.ts';
import { listenerChecks } from './checks/listeners.ts';
import { pathChecks } from './checks/paths.ts';
import { providerChecks } from './checks/provider.ts';
import { routeChecks } from './checks/routes.ts';
import { snippetChecks } from './checks/snippets.ts';
import { templateChecks } from './checks/templates.ts';
import { upstreamChecks } from './checks/upstreams.ts';
import type { Fault } from './fault.ts';
import type { Balancer } from './schema/balancer.ts';

/** A function that finds what does not fit together. */
type Check = (balancer: Balancer) => Fault[];

const checks: readonly Check[] = [
  providerChecks,
  listenerChecks,
  upstreamChecks,
  cacheChecks,
  routeChecks,
  pathChecks,
  templateChecks,
  snippetChecks,
  dnsChecks,
];

/** Everything that is wrong with a balancer whose values, each on its own, are right. */
export function check(balancer: Balancer): Fault[] {
  return checks.flatMap((find) => find(balancer));
}
