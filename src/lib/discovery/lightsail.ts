import { listInstances } from '../aws/lightsail/instances.ts';
import { homeRegion } from '../aws/lightsail/region.ts';
import { type LightsailQuery, selectInstances } from './select-instances.ts';
import type { DiscoverySource } from './source.ts';

/** Instances of Lightsail: one list a Region, however many upstreams ask for some of it. */
export const lightsail: DiscoverySource<LightsailQuery> = {
  async find(questions, lists) {
    const named = questions.map(({ query, home }) => query.region ?? home);
    const home = named.includes(undefined) ? await homeRegion() : '';
    const asked = questions.map((question, index) => ({ question, region: named[index] ?? home }));
    const regions = [...new Set(asked.map(({ region }) => region))];
    const found = await Promise.all(
      regions.map(async (region) => [region, await listInstances(region, lists)] as const),
    );
    const instances = new Map(found);
    return asked.map(({ question, region }) => selectInstances(instances.get(region)!, question, region));
  },
};
