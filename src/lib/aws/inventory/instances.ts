import { GetInstancesCommand, LightsailClient } from '@aws-sdk/client-lightsail';
import { allPages } from '../pages.ts';
import type { Kind } from './kind.ts';

/** Names of the instances of Lightsail that run. */
export const instances: Kind<string> = {
  doing: 'list the instances of Lightsail',
  actions: ['lightsail:GetInstances'],
  scope: 'first',
  async list({ options, within }) {
    const client = new LightsailClient(options);
    try {
      const all = await allPages(async (pageToken) => {
        const page = await client.send(new GetInstancesCommand({ pageToken }), within);
        return { items: page.instances, next: page.nextPageToken };
      });
      return all.filter(({ state }) => state?.name === 'running').map(({ name = '' }) => name);
    } finally {
      client.destroy();
    }
  },
};
