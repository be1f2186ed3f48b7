import { isPeered } from '../aws/lightsail/peering.ts';
import { homeRegion } from '../aws/lightsail/region.ts';
import { UserError } from '../errors.ts';

/**
 * Servers in the default VPC that instances of Lightsail do not reach, as it is not peered; a call a Region.
 * @param servers as `inDefaultVpc` tells them.
 * @param regions where the balancer runs; that of the environment when left out.
 */
export async function peeringRemarks(
  servers: readonly string[],
  regions: readonly string[] | undefined,
): Promise<string[]> {
  try {
    const asked = regions ?? [await homeRegion()];
    const peered = await Promise.all(asked.map(isPeered));
    const who = `${servers.join(', ')} ${servers.length === 1 ? 'is' : 'are'} in the default VPC`;
    return asked
      .filter((_, index) => !peered[index])
      .map(
        (region) =>
          `${who}, which Lightsail in ${region} is not peered with: aws lightsail peer-vpc --region ${region}`,
      );
  } catch (error) {
    if (error instanceof UserError) return [error.message];
    throw error;
  }
}
