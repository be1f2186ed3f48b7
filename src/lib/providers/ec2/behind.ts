import type { Place } from './place.ts';
import { standingOf } from './standing.ts';
import { hasTags, stackOf } from './world.ts';

/** Stacks that are not what lb.yaml makes, in words: no release changes them, so that a new listener would get no connection. */
export async function behindRemarks(place: Pick<Place, 'regions'>): Promise<string[]> {
  const remarks = (await place.regions()).map(async ({ stacks, wanted }) => {
    const stack = await stackOf(stacks, wanted);
    if (stack === null || standingOf(stack.status) !== 'settled') return [];
    if ((await stacks.template(wanted.name)) === wanted.template && hasTags(stack, wanted)) return [];
    return [
      `the stack ${wanted.name} in ${stacks.region} is not what lb.yaml makes now, and a deploy leaves it as it is: lbctl up changes it, too, and lbctl plan shows how`,
    ];
  });
  return (await Promise.all(remarks)).flat();
}
