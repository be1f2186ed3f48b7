import type { Instance } from '@aws-sdk/client-lightsail';
import { type Lists, newLists } from './lists.ts';
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
 * All instances of a Region.
 * @param lists in which they may be already; they are asked for anew when left out.
 * @throws UserError where AWS does not tell.
 */
export async function listInstances(region: string, lists: Lists = newLists()): Promise<LightsailInstance[]> {
  return (await lists.of(region)).map((instance) => instanceOf(instance, region));
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
