import type { AwsError, Common } from './errors.ts';

/** A call as it came, for tests to look at. */
export interface Call {
  readonly service: string;
  readonly region: string;
  readonly operation: string;
  readonly input: unknown;
  /** Whether the operation is one that changes things. */
  readonly mutating: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Which try of the client it was, from 1. */
  readonly attempt: number;
  /** `OK`, the code of an error, or `cut` and `hung` where there was no answer; undefined while it goes on. */
  outcome: string | undefined;
  /** Whether the operation was done, whatever was answered. */
  done: boolean;
}

/**
 * - a common error: answered instead of doing it
 * - `internal after`: done, but answered 500
 * - `cut` and `hang`: the connection ends, or nothing ever comes; before the operation or after it
 * - `behind`: a reading shows what was before that many changes; what changes things is left alone
 * - `slow`: milliseconds before it is done
 */
export type Fault =
  | Common
  | 'internal after'
  | 'cut before'
  | 'cut after'
  | 'hang before'
  | 'hang after'
  | { readonly behind: number }
  | { readonly slow: number }
  | { readonly error: AwsError };

export interface Rule {
  readonly fault: Fault;
  /** An operation, such as `CreateInstances`; all when left out. */
  readonly operation?: string;
  readonly when?: (call: Readonly<Call>) => boolean;
  /** Leaves that many of them alone at first. */
  readonly skip?: number;
  /** How many it strikes; one when left out. */
  readonly times?: number;
  /** Called when it has struck, before an answer: to end the program that asked, for instance. */
  readonly onStrike?: (call: Readonly<Call>) => void;
}

export interface Struck {
  /** How often it has struck. */
  count(): number;
  stop(): void;
}

interface Faults {
  add(rule: Rule): Struck;
  /** The rule that strikes a call; it counts. */
  strike(call: Readonly<Call>): Rule | undefined;
}

export function faults(): Faults {
  const rules: { rule: Rule; met: number; struck: number }[] = [];
  return {
    add(rule) {
      const entry = { rule, met: 0, struck: 0 };
      rules.push(entry);
      return {
        count: () => entry.struck,
        stop: () => void rules.splice(rules.indexOf(entry), rules.includes(entry) ? 1 : 0),
      };
    },
    strike(call) {
      for (const entry of rules) {
        const { rule } = entry;
        if (!applies(rule, call) || entry.struck >= (rule.times ?? 1)) continue;
        if (entry.met++ < (rule.skip ?? 0)) continue;
        entry.struck++;
        return rule;
      }
      return undefined;
    },
  };
}

function applies({ fault, operation = '', when = () => true }: Rule, call: Readonly<Call>): boolean {
  if (operation !== '' && operation !== call.operation) return false;
  if (call.mutating && typeof fault === 'object' && 'behind' in fault) return false;
  return when(call);
}
