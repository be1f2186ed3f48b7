import { restXml } from '../protocols/rest-xml.ts';
import { defineService, type Operation } from '../service.ts';
import { ofCidrCollections } from './cidr-collections.ts';
import { ofHealthChecks } from './health-checks.ts';
import { ROUTES } from './routes.ts';
import { emptyState, type Route53State } from './state.ts';
import { ofZones } from './zones.ts';

const operations: Record<keyof typeof ROUTES, Operation<Route53State>> = {
  ...ofZones,
  ...ofHealthChecks,
  ...ofCidrCollections,
};

/** Route 53 on loopback. */
export function fakeRoute53(state: Partial<Route53State> = {}) {
  return defineService<Route53State>({
    name: 'route53',
    protocol: restXml({ namespace: 'https://route53.amazonaws.com/doc/2013-04-01/', routes: ROUTES }),
    state: emptyState(state),
    operations,
    regions: ['us-east-1'],
    inventory: ({ zones, checks, collections }) => ({ zones, checks, collections }),
  });
}
