import type { Balancer } from '../../lib/balancer/schema/balancer.ts';
import { UserError } from '../../lib/errors.ts';
import type { Loaded } from '../../lib/source/load.ts';

/**
 * Whether the alarms of a balancer are part of a stack, which makes, changes and removes them: whoever did so beside it
 * would only be in its way.
 */
export function isOfStack({ provider }: Balancer): boolean {
  return provider === 'ec2';
}

/** What is said in place of a change. */
export function stackNote({ name }: Balancer): string {
  return `the alarms of ${name} are part of its stack: lbctl plan shows what would become of them, and lbctl up does it`;
}

/** @throws UserError `input`: alarms of a stack go with it, or with their place in lb.yaml. */
export function refuseStack({ balancer, file }: Loaded): void {
  if (!isOfStack(balancer)) return;
  throw new UserError('input', 'of-stack', `the alarms of ${balancer.name} are part of its stack`, {
    hint: `take alarms out of ${file}, then lbctl up removes them`,
  });
}
