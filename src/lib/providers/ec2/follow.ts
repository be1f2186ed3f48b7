import { setTimeout as sleep } from 'node:timers/promises';
import type { Happened } from '../../aws/cloudformation/model.ts';
import type { Stacks } from '../../aws/cloudformation/stacks.ts';
import { UserError } from '../../errors.ts';
import { standingOf } from './standing.ts';

/** Milliseconds between two looks, at first and at most. */
const FIRST = 250;
const LONGEST = 5000;
/** Milliseconds until an operation is given up: a load balancer takes minutes, nodes some more. */
const LIMIT = 3 * 3600_000;

/** An operation of a stack that has come to its end. */
interface Ended {
  readonly status: string;
  /** Its events, the oldest first. */
  readonly events: readonly Happened[];
}

/**
 * Follows what is being done with a stack.
 * @param token of the call that began it; undefined for whatever is under way.
 * @param hear told of each event once, the oldest first.
 */
export async function follow(
  stacks: Stacks,
  { id, token }: { readonly id: string; readonly token?: string | undefined },
  hear: (event: Happened) => Promise<void> | void,
): Promise<Ended> {
  const events: Happened[] = [];
  const known = new Set<string>();
  const end = Date.now() + LIMIT;
  let mine: string | null | undefined = token;
  for (let pause = FIRST; ; pause = Math.min(pause * 1.5, LONGEST)) {
    const isOther = (event: Happened): boolean => {
      if (mine === undefined) mine = event.token;
      return known.has(event.id) || event.token !== mine;
    };
    for (const event of await stacks.events(id, isOther)) {
      known.add(event.id);
      events.push(event);
      await hear(event);
    }
    const last = events.findLast(({ physicalId }) => physicalId === id);
    if (last && last.status !== 'REVIEW_IN_PROGRESS' && !last.status.endsWith('_IN_PROGRESS'))
      return { status: last.status, events };
    if (Date.now() > end)
      throw new UserError('failed', 'too-slow', `${id} has not come to an end after 3 hours`, {
        hint: 'run the command again, which goes on from here',
      });
    await sleep(pause);
  }
}

/** Whether it came to what was wanted, rather than back from it. */
export function isDone(status: string): boolean {
  return /^(?:CREATE|UPDATE|DELETE)_COMPLETE$/u.test(status) && standingOf(status) !== 'dead';
}
