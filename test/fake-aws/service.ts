import { AwsError } from './errors.ts';
import type { Protocol } from './protocols/protocol.ts';

/** Where and when an operation runs. */
export interface Context {
  readonly region: string;
  readonly account: string;
  readonly requestId: string;
  readonly now: Date;
}

export interface Operation<State> {
  /** Whether it changes anything but how far things that take their time have come. */
  readonly mutates: boolean;
  /** Throws an AwsError for what it refuses; nothing of what it has changed is kept then. */
  readonly run: (state: State, input: never, context: Context) => unknown;
}

interface Parts<State extends object> {
  /** As clients sign for it. */
  readonly name: string;
  readonly protocol: Protocol;
  /** Plain data, since it is copied: readings of the past come from copies. */
  readonly state: State;
  readonly operations: Readonly<Record<string, Operation<State>>>;
  /** Regions that it knows; undefined for all. */
  readonly regions?: readonly string[];
  /** What IAM calls an operation; its own name when left out. */
  readonly action?: (operation: string) => string;
  /** All that there is, in a fixed order, so that tests can compare it with what should be. */
  readonly inventory: (state: State) => unknown;
}

export interface Service {
  readonly name: string;
  readonly protocol: Protocol;
  readonly regions: readonly string[] | undefined;
  /** Whether an operation changes anything; undefined where there is no such operation. */
  mutates(operation: string): boolean | undefined;
  /** What IAM calls an operation. */
  action(operation: string): string;
  /** @param behind a reading shows what was before that many of the last changes. */
  call(operation: string, input: unknown, context: Context, behind?: number): unknown;
  inventory(): unknown;
  /** Waits, before an answer, for what follows from calls outside of the service's state. */
  settled?(): Promise<void>;
}

/** How many changes a reading may lie behind. */
const KEPT = 20;

/** A service, and its state, which is looked at and prepared by tests: it is another object after every change. */
export function defineService<State extends object>(parts: Parts<State>): Service & { state(): State } {
  let state = parts.state;
  const past: State[] = [];
  return {
    name: parts.name,
    protocol: parts.protocol,
    regions: parts.regions,
    action: parts.action ?? ((operation) => operation),
    mutates: (operation) => parts.operations[operation]?.mutates,
    call(name, input, context, behind = 0) {
      const operation = parts.operations[name];
      if (operation === undefined) throw new AwsError(400, 'UnknownOperationException', '');
      if (!operation.mutates) {
        const old = behind === 0 ? undefined : past[Math.max(0, past.length - behind)];
        return operation.run(old === undefined ? state : structuredClone(old), input as never, context);
      }
      const next = structuredClone(state);
      const output = operation.run(next, input as never, context);
      past.push(state);
      past.splice(0, past.length - KEPT);
      state = next;
      return output;
    },
    inventory: () => parts.inventory(state),
    state: () => state,
  };
}
