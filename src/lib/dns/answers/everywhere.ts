import type { Client } from './client.ts';
import { type Outcome, percent, type Resolver } from './resolve.ts';

/** What one client gets. */
export interface Answered {
  readonly client: Client;
  readonly outcomes: readonly Outcome[];
  /** The answer in a line; the same for all that get the same. */
  readonly answer: string;
  /** Why, from the first rule to the last. */
  readonly rule: string;
}

/** Clients that get the same answer. */
export interface Audience {
  /** A letter for maps: a for the answer that most clients get. */
  readonly letter: string;
  readonly answer: string;
  readonly clients: readonly Client[];
}

export const NO_ANSWER = 'no answer';

/** Asks for many clients. */
export function askAll(
  resolver: Resolver,
  name: string,
  type: string,
  clients: readonly Client[],
): readonly Answered[] {
  return clients.map((client) => {
    const outcomes = resolver.ask(name, type, client);
    return { client, outcomes, answer: inWords(outcomes), rule: ruleOf(outcomes) };
  });
}

/** Who gets the same, the largest audience first. */
export function audiences(answered: readonly Answered[]): readonly Audience[] {
  const found = new Map<string, Client[]>();
  for (const { answer, client } of answered) found.set(answer, [...(found.get(answer) ?? []), client]);
  return [...found]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([answer, clients], index) => ({ letter: letterOf(index), answer, clients }));
}

/** a to z, then A to Z, then + for all others. */
function letterOf(index: number): string {
  return 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'[index] ?? '+';
}

function inWords(outcomes: readonly Outcome[]): string {
  const byValues = new Map<string, number>();
  for (const { values, share } of outcomes) {
    const text = values.length === 0 ? NO_ANSWER : values.join(', ');
    byValues.set(text, (byValues.get(text) ?? 0) + share);
  }
  const [only, ...others] = byValues;
  if (only === undefined) return NO_ANSWER;
  return others.length === 0
    ? only[0]
    : [...byValues].map(([text, share]) => `${percent(share)} ${text}`).join(' | ');
}

function ruleOf(outcomes: readonly Outcome[]): string {
  const [first] = outcomes;
  if (!first) return '';
  if (outcomes.length === 1) return first.rules.join(' → ');
  // what all have in common, and then what chance decides
  const common = first.rules.filter((rule, index) => outcomes.every(({ rules }) => rules[index] === rule));
  return [...common, `weighted (${outcomes.length})`].join(' → ');
}
