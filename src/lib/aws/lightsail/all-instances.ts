import { GetInstancesCommand, type Instance, LightsailClient } from '@aws-sdk/client-lightsail';
import { clientOptions } from '../client.ts';
import { attempt } from '../failure.ts';
import { allPages } from '../pages.ts';

/**
 * All instances of a Region as they are now, in the form of the SDK: a call a page.
 * @throws UserError where AWS does not tell.
 */
export function allInstances(client: LightsailClient, region: string): Promise<Instance[]> {
  const call = { doing: 'list the instances of Lightsail', action: 'lightsail:GetInstances', region };
  return attempt(call, () =>
    allPages(async (pageToken) => {
      const page = await client.send(new GetInstancesCommand({ pageToken }));
      return { items: page.instances, next: page.nextPageToken };
    }),
  );
}

/** The same, by a client of its own. */
export async function instancesNow(region: string): Promise<Instance[]> {
  const client = new LightsailClient(clientOptions(region));
  try {
    return await allInstances(client, region);
  } finally {
    client.destroy();
  }
}
