import { UserError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { NetworkBalancer } from './balancer.ts';

/** An ARN of a Network Load Balancer: where it is, and what it is called. */
const ARN = /^arn:[\w-]+:elasticloadbalancing:([a-z0-9-]+):\d{12}:loadbalancer\/net\/([^/]+)\/[0-9a-f]+$/u;

/**
 * Regions in which to look for some balancers: those of ARNs, and for names that of the environment, which is undefined.
 * @throws UserError `usage` for an ARN of something else.
 */
export function regionsFor(words: readonly string[]): (string | undefined)[] {
  if (words.length === 0) return [undefined];
  const regions = words.map((word) => {
    if (!word.startsWith('arn:')) return undefined;
    const region = ARN.exec(word)?.[1];
    if (region !== undefined) return region;
    throw new UserError('usage', 'bad-arn', `${word} is not the ARN of a Network Load Balancer`, {
      hint: 'such as arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/shop/50dc6c495c0c9188',
    });
  });
  return [...new Set(regions)];
}

/**
 * The balancers that are meant by names and ARNs, in their order; all of them without any.
 * @throws UserError `input` for what is not there, with the nearest name.
 */
export function choose(words: readonly string[], all: readonly NetworkBalancer[]): NetworkBalancer[] {
  if (words.length === 0) {
    if (all.length > 0) return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    throw new UserError('input', 'no-balancer', 'there is no Network Load Balancer here', {
      hint: 'another Region may have some: export AWS_REGION=eu-west-1',
    });
  }
  const chosen = words.map((word) => {
    const found = all.find(({ name, arn }) => name === word || arn === word);
    if (found) return found;
    const name = ARN.exec(word)?.[2] ?? word;
    const close = nearest(
      name,
      all.map((balancer) => balancer.name),
    );
    throw new UserError('input', 'unknown-balancer', `there is no Network Load Balancer ${word}`, {
      hint: hintFor(close, all),
    });
  });
  return [...new Set(chosen)];
}

/** Names that are told at once. */
const TOLD = 10;

function hintFor(close: string | undefined, all: readonly NetworkBalancer[]): string {
  if (close !== undefined) return `did you mean ${close}?`;
  if (all.length === 0)
    return 'there is none at all; another Region may have it: export AWS_REGION=eu-west-1';
  const names = all.slice(0, TOLD).map(({ name }) => name);
  const more = all.length - names.length;
  return `there are ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
