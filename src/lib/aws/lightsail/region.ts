import { LightsailClient } from '@aws-sdk/client-lightsail';
import { clientOptions } from '../client.ts';
import { attempt } from '../failure.ts';

/**
 * The Region of the environment or the profile; nobody is called.
 * @throws UserError `input` where there is none.
 */
export async function homeRegion(): Promise<string> {
  const client = new LightsailClient(clientOptions());
  const call = { doing: 'look for servers on Lightsail', action: 'lightsail:GetInstances' };
  try {
    return await attempt(call, () => client.config.region());
  } finally {
    client.destroy();
  }
}
