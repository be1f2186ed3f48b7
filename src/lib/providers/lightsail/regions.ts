import { LightsailClient } from '@aws-sdk/client-lightsail';
import { clientOptions } from '../../aws/client.ts';
import { attempt } from '../../aws/failure.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { UserError } from '../../errors.ts';

/**
 * Regions of a balancer: those of lb.yaml, or the one of the environment or the profile.
 * @throws UserError `input` where none of them names one.
 */
export async function regionsOf(balancer: Balancer): Promise<readonly string[]> {
  if (balancer.regions !== undefined) return balancer.regions;
  const client = new LightsailClient(clientOptions());
  try {
    const call = { doing: `find out where ${balancer.name} is to run`, action: 'lightsail:GetRegions' };
    return [await attempt(call, () => client.config.region())];
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-region') throw error;
    throw new UserError(error.kind, error.code, error.message, {
      hint: 'write it into lb.yaml, such as regions: [eu-west-1], or export AWS_REGION=eu-west-1',
      cause: error.cause,
    });
  } finally {
    client.destroy();
  }
}
