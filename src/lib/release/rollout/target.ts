import { UserError } from '../../errors.ts';
import type { Activation, Live } from '../activate.ts';
import type { ReleaseFile } from '../build.ts';
import type { NodeState } from '../history.ts';
import type { Surveyed } from './survey.ts';

/** A release that a node is to serve. */
export interface Wanted {
  readonly id: string;
  readonly files: readonly ReleaseFile[];
  /** Whether the node has it, so that nothing needs to be brought there. */
  readonly isThere: boolean;
  readonly activation: Activation;
  /** How NGINX Plus comes to it from what it serves without a reload, and back; where it does not, it is reloaded. */
  readonly live?: { readonly there: Live; readonly back: Live | undefined } | undefined;
}

/** A node of a roll-out; without anything wanted, or where it cannot take part, it is left as it is. */
export interface Target extends Surveyed {
  readonly wanted?: Wanted | undefined;
}

/** Nodes with what each is to serve, as far as it does not already. */
export function targetsOf(
  surveyed: readonly Surveyed[],
  wantedBy: (node: Surveyed) => Wanted | undefined,
): Target[] {
  return surveyed.map((asked) => {
    const wanted = asked.state ? wantedBy(asked) : undefined;
    if (!asked.state || !wanted || isServed(asked.state, wanted)) return asked;
    // it would refuse, which is better known before others are changed
    const isStopped = asked.state.master === null && surveyed.length > 1 && !wanted.activation.begin;
    return isStopped ? { ...asked, wanted, trouble: stopped(asked) } : { ...asked, wanted };
  });
}

/** Whether a release is in place on a node and answers, with the same servers drained. */
function isServed({ current, serving, master, drained }: NodeState, { id, activation }: Wanted): boolean {
  const after = new Set(activation.drained ?? drained);
  const isDrained = after.size === drained.length && drained.every((server) => after.has(server));
  return current === id && serving === id && master !== null && isDrained;
}

function stopped({ node }: Surveyed): UserError {
  return new UserError(
    'failed',
    'refused',
    `${node.transport.name}: NGINX does not run; nothing was changed`,
    {
      hint: 'lbctl up starts it',
    },
  );
}
