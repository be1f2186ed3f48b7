import type { Operation } from '../service.ts';
import type { Invocation, Managed } from './agent.ts';

interface Command {
  readonly id: string;
  readonly region: string;
  readonly script: string;
  readonly comment: string;
  readonly requested: number;
  readonly invocations: readonly string[];
}

export interface State {
  readonly commands: Command[];
}

/** What goes on beside calls, and is no part of the state. */
export interface World {
  /** Instances by their names. */
  readonly managed: Map<string, Managed>;
  /** Of commands by their name. */
  readonly running: Map<string, Map<string, Invocation>>;
}

/** Operations by their names. */
export type Operations = Readonly<Record<string, Operation<State>>>;
