import { setTimeout as sleep } from 'node:timers/promises';
import type { Stacks } from '../../aws/cloudformation/stacks.ts';
import type { StackDrift } from '../provider.ts';
import type { Place } from './place.ts';

/** Milliseconds between two looks, at first and at most. */
const FIRST = 250;
const LONGEST = 5000;
/** Milliseconds until a check is given up: CloudFormation reads one resource after the other. */
const LIMIT = 15 * 60_000;

/** What was changed by hand of the stacks that there are; they are asked side by side. */
export async function drift(place: Place): Promise<readonly StackDrift[]> {
  const worlds = await place.worlds();
  const regions = await place.regions();
  const all = regions.map(async ({ region, stacks, wanted: { name } }): Promise<StackDrift[]> => {
    const { stack, standing } = worlds.find((world) => world.region === region)!;
    if (stack === null || standing === 'none') return [];
    // CloudFormation checks no others
    if (standing === 'busy' || standing === 'dead')
      return [{ region, stack: name, problem: `it is ${stack.status}`, resources: [] }];
    const problem = await check(stacks, name);
    return [{ region, stack: name, problem, resources: await stacks.drifts(name) }];
  });
  return (await Promise.all(all)).flat();
}

/** Why not all could be checked; null where all were. */
async function check(stacks: Stacks, name: string): Promise<string | null> {
  const id = await stacks.detectDrift(name);
  const end = Date.now() + LIMIT;
  for (let pause = FIRST; Date.now() < end; pause = Math.min(pause * 1.5, LONGEST)) {
    const detection = await stacks.driftDetection(name, id);
    if (detection !== null) return detection.problem;
    await sleep(pause);
  }
  return 'CloudFormation has not come to an end within 15 minutes';
}
