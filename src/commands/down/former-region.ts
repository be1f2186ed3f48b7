import { UserError } from '../../lib/errors.ts';
import { regionsOf } from '../../lib/providers/regions.ts';
import { providerOf } from '../../lib/providers/registry.ts';
import type { Loaded } from '../../lib/source/load.ts';
import type { Invocation } from '../command.ts';
import { dnsFollowing } from '../dns/following.ts';

/**
 * A balancer as it is in the Region that `--region` names and lb.yaml has no longer; the balancer itself without that.
 * @throws UserError where lb.yaml still has it, or clients may still be led there.
 */
export async function inFormerRegion(invocation: Invocation, loaded: Loaded): Promise<Loaded> {
  const { region } = invocation.options;
  if (typeof region !== 'string') return loaded;
  const { dns: _, ...balancer } = loaded.balancer;
  if (balancer.provider !== 'ec2')
    throw new UserError(
      'usage',
      'no-former-region',
      `--region is for balancers on ec2, and not on ${balancer.provider}`,
      {
        hint:
          balancer.provider === 'lightsail'
            ? 'lbctl up removes what is in Regions that lb.yaml has no longer'
            : 'leave --region out',
      },
    );
  if ((await regionsOf(balancer)).includes(region))
    throw new UserError(
      'usage',
      'region-in-use',
      `the balancer is to run in ${region}: the next up would make it again`,
      {
        hint: `take ${region} out of regions in ${loaded.file}, run lbctl up, which leads clients elsewhere, and this again; or leave --region out to remove all of it`,
      },
    );
  await refuseWhileLed(invocation, loaded, region);
  return { ...loaded, balancer: { ...balancer, regions: [region] } };
}

/** Records that are not yet as lb.yaml says may lead there. */
async function refuseWhileLed(invocation: Invocation, loaded: Loaded, region: string): Promise<void> {
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  try {
    const { steps } = await dnsFollowing(invocation, { provider, place, loaded });
    if (steps.length === 0) return;
    throw new UserError(
      'failed',
      'clients-led-there',
      `records of dns are not yet as ${loaded.file} says, and may lead clients to ${region}`,
      { hint: 'run lbctl up first, which brings them; --no-dns leaves them as they are' },
    );
  } finally {
    await provider.close(place);
  }
}
