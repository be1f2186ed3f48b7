import { ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53';
import { allPages } from '../pages.ts';
import type { Kind } from './kind.ts';

/** Public hosted zones, without the dot at their end. */
export const zones: Kind<{ readonly id: string; readonly name: string }> = {
  doing: 'list hosted zones',
  actions: ['route53:ListHostedZonesByName'],
  scope: 'global',
  async list({ options, within }) {
    const client = new Route53Client(options);
    try {
      const all = await allPages(async (DNSName) => {
        const page = await client.send(new ListHostedZonesByNameCommand({ DNSName }), within);
        return { items: page.HostedZones, next: page.IsTruncated ? page.NextDNSName : undefined };
      });
      return all
        .filter(({ Config }) => Config?.PrivateZone !== true)
        .map(({ Id = '', Name = '' }) => ({
          id: Id.replace('/hostedzone/', ''),
          name: Name.replace(/\.$/u, ''),
        }));
    } finally {
      client.destroy();
    }
  },
};
