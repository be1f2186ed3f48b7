import type { Balancer } from '../balancer/schema/balancer.ts';
import { UserError } from '../errors.ts';

/**
 * Regions of a balancer: those of lb.yaml, or the one of the environment or the profile.
 * @throws UserError `input` where none of them names one.
 */
export async function regionsOf(balancer: Balancer): Promise<readonly string[]> {
  if (balancer.regions !== undefined) return balancer.regions;
  // by the client that the provider needs in any case, as loading one takes long
  const { homeRegion } =
    balancer.provider === 'ec2'
      ? await import('../aws/cloudformation/region.ts')
      : await import('../aws/lightsail/region.ts');
  try {
    return [await homeRegion(`find out where ${balancer.name} is to run`)];
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'no-region') throw error;
    throw new UserError(error.kind, error.code, error.message, {
      hint: 'write it into lb.yaml, such as regions: [eu-west-1], or export AWS_REGION=eu-west-1',
      cause: error.cause,
    });
  }
}
