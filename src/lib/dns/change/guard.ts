import { UserError } from '../../errors.ts';
import type { Difference } from './diff.ts';

/** Share of the records that may change at once, and from how many on it counts. */
const [SHARE, FROM] = [0.3, 10];

/**
 * Keeps a mistake from taking a zone away.
 * @throws UserError `failed` where so much changes that somebody must say that it is meant.
 */
export function guard({ owned, touched }: Pick<Difference, 'owned' | 'touched'>): void {
  if (owned < FROM || touched <= owned * SHARE) return;
  throw new UserError(
    'failed',
    'too-many-changes',
    `${touched} of ${owned} records would be changed or deleted at once, more than ${SHARE * 100}%`,
    { hint: 'if that is meant, pass --force' },
  );
}
