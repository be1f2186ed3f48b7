import type { Fault } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';

export function snippetChecks(_balancer: Balancer): Fault[] {
  return [];
}

/** Names of the variables that snippets define, without the dollar sign. */
export function snippetVariables(_balancer: Balancer): ReadonlySet<string> {
  return new Set();
}
