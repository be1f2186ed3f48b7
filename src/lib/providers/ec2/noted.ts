import type { Store } from '../../release/store/store.ts';
import type { Place } from './place.ts';

/**
 * What notes in a bucket where the balancer is: in the Regions of lb.yaml, and in those that it has no longer and where a
 * stack is left, so that whoever takes one out is told of it until it is gone.
 */
export async function notedBy(place: Place): Promise<(store: Store) => Promise<void>> {
  const places = [...(await place.regions()), ...(await place.left()).map((one) => one.place)];
  const regions = places.map(({ region }) => region);
  return (store) => store.noteRegions(regions);
}
