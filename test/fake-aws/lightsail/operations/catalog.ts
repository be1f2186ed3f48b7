import type { GetBlueprintsRequest, GetBundlesRequest, GetRegionsRequest } from '@aws-sdk/client-lightsail';
import { bundlesOf, REGIONS, zonesOf } from '../catalog.ts';
import { type Operations, reads } from '../operation.ts';
import { page } from '../resources.ts';
import type { Settings } from '../settings.ts';

/** What can be made, where, and for how much. */
export const catalog = (settings: Settings): Operations => ({
  GetRegions: reads<GetRegionsRequest>((_, { includeAvailabilityZones = false }) => ({
    regions: REGIONS.map((name) => ({
      continentCode: name.slice(0, 2).toUpperCase(),
      description: `This region is ${name}.`,
      displayName: name,
      name,
      availabilityZones: includeAvailabilityZones
        ? zonesOf(name).map((zoneName) => ({ zoneName, state: 'available' }))
        : [],
      relationalDatabaseAvailabilityZones: [],
    })),
  })),
  GetBlueprints: reads<GetBlueprintsRequest>((state, { includeInactive = false, pageToken }) => {
    const shown = state.blueprints.filter(({ isActive }) => isActive || includeInactive);
    const { items, ...next } = page(shown, pageToken, settings.pageSize);
    return { blueprints: items, ...next };
  }),
  GetBundles: reads<GetBundlesRequest>((_, { pageToken }, { region }) => {
    const { items, ...next } = page(bundlesOf(region), pageToken, settings.pageSize);
    return { bundles: items, ...next };
  }),
});
