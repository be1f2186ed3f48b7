import { LightsailClient } from '@aws-sdk/client-lightsail';
import { clientOptions } from '../client.ts';
import { homeRegionOf } from '../home-region.ts';

/**
 * The Region of the environment or the profile, for Lightsail; nobody is called.
 * @throws UserError `input` where there is none.
 */
export function homeRegion(doing = 'look for servers on Lightsail'): Promise<string> {
  return homeRegionOf(new LightsailClient(clientOptions()), { doing, action: 'lightsail:GetInstances' });
}
