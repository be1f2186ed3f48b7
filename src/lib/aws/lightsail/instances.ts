import { GetInstancesCommand, type Instance, LightsailClient } from '@aws-sdk/client-lightsail';
import { clientOptions } from '../client.ts';
import { attempt } from '../failure.ts';
import { allPages } from '../pages.ts';
import { type PortRule, rulesIn } from './port-rules.ts';

/** An instance of Lightsail, as far as discovery and firewalls go. */
export interface LightsailInstance {
  readonly name: string;
  readonly region: string;
  /** `pending`, `running`, `stopping`, `stopped`… */
  readonly state: string;
  readonly privateAddress: string | null;
  readonly publicAddress: string | null;
  /** Tags without a value have an empty one. */
  readonly tags: Readonly<Record<string, string>>;
  /** What its firewall lets in from outside. */
  readonly rules: readonly PortRule[];
}

/**
 * All instances of a Region, in pages of one call each.
 * @throws UserError where AWS does not tell.
 */
export async function listInstances(region: string): Promise<LightsailInstance[]> {
  const client = new LightsailClient(clientOptions(region));
  const call = { doing: 'list the instances of Lightsail', action: 'lightsail:GetInstances', region };
  try {
    const instances = await attempt(call, () =>
      allPages(async (pageToken) => {
        const page = await client.send(new GetInstancesCommand({ pageToken }));
        return { items: page.instances, next: page.nextPageToken };
      }),
    );
    return instances.map((instance) => instanceOf(instance, region));
  } finally {
    client.destroy();
  }
}

function instanceOf(instance: Instance, region: string): LightsailInstance {
  const { name = '', state, privateIpAddress, publicIpAddress, tags = [], networking } = instance;
  return {
    name,
    region,
    state: state?.name ?? 'unknown',
    privateAddress: privateIpAddress ?? null,
    publicAddress: publicIpAddress ?? null,
    tags: Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value])),
    rules: rulesIn(networking?.ports ?? []),
  };
}
