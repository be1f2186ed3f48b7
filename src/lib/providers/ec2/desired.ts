import type { Balancer } from '../../balancer/schema/balancer.ts';
import type { About } from '../../release/history.ts';
import { author } from '../../release/author.ts';
import type { Loaded } from '../../source/load.ts';
import type { Environment } from '../provider.ts';
import type { Desired as OnNodes } from '../ssh/desired.ts';
import { desiredOnNodes } from './expected.ts';
import type { Place } from './place.ts';

/** A balancer on EC2, as it should be: stacks, and what their nodes serve. */
export interface Desired extends OnNodes {
  readonly place: Place;
  /** With the servers that were found. */
  readonly balancer: Balancer;
  /** Told of the release that the first nodes serve. */
  readonly about: About;
}

export async function desiredIn(place: Place, loaded: Loaded, env: Environment): Promise<Desired> {
  const about = { author: author(env), message: 'first release', source: loaded.file };
  return { ...(await desiredOnNodes(loaded)), place, balancer: loaded.balancer, about };
}
