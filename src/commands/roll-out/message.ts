import { UserError } from '../../lib/errors.ts';
import type { Invocation } from '../command.ts';

/** Characters of a reason: it is for a list, and goes to nodes as a word of a command, which have a limit. */
const LONGEST_MESSAGE = 1000;

/**
 * What is said about why, by `--message`.
 * @throws UserError `usage` where it is too long.
 */
export function messageIn({ message }: Invocation['options']): string | undefined {
  if (typeof message !== 'string') return undefined;
  if (message.length <= LONGEST_MESSAGE) return message;
  throw new UserError('usage', 'long-message', `--message is ${message.length} characters long`, {
    hint: `say it in ${LONGEST_MESSAGE} characters`,
  });
}
