import { UserError } from '../../errors.ts';
import { secondsIn } from '../settings.ts';
import type { Limits } from './decide.ts';

/** A number of nodes, or a share of all. */
type Amount = { readonly nodes: number } | { readonly percent: number };

/** How a release goes over several nodes. */
export interface Policy {
  readonly batch: Amount;
  readonly maxErrors: Amount;
  /** Seconds between two batches. */
  readonly pause: number;
}

/**
 * Reads `--batch`, `--max-errors` and `--pause`.
 * @throws UserError `usage` where one of them is not what it should be.
 */
export function readPolicy(options: Readonly<Record<string, string | boolean | undefined>>): Policy {
  const { batch, maxErrors, pause } = options;
  return {
    batch: typeof batch === 'string' ? amountIn('--batch', batch, 1) : { nodes: 1 },
    maxErrors: typeof maxErrors === 'string' ? amountIn('--max-errors', maxErrors, 0) : { nodes: 0 },
    pause: typeof pause === 'string' ? secondsIn('--pause', pause) : 0,
  };
}

/** What a policy comes to where there are so many nodes. Shares are rounded down; a batch has one node at least. */
export function limitsOf({ batch, maxErrors }: Policy, nodes: number): Limits {
  return { batch: Math.max(1, countOf(batch, nodes)), maxErrors: countOf(maxErrors, nodes) };
}

function countOf(amount: Amount, nodes: number): number {
  return 'nodes' in amount ? amount.nodes : Math.floor((nodes * amount.percent) / 100);
}

function amountIn(flag: string, text: string, least: number): Amount {
  const [, number, percent] = /^(\d{1,6})(%?)$/u.exec(text) ?? [];
  const amount = Number(number);
  if (number !== undefined && amount >= least && (percent === '' || amount <= 100))
    return percent === '' ? { nodes: amount } : { percent: amount };
  throw new UserError(
    'usage',
    'bad-amount',
    `${flag} takes a number of nodes or a share of them, not ${text}`,
    {
      hint: least === 0 ? 'such as 2 or 10%' : 'such as 2 or 10%, and one node at least',
    },
  );
}
