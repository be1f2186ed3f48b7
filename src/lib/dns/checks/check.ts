import { groups, policyOf, type Policy, type RecordSet, shown } from '../record.ts';
import type { Wanted } from '../wanted/wanted.ts';

/** What checks look at: the records that are wanted, and those that stay beside them. */
export interface Subject {
  readonly wanted: Wanted;
  /** Other records of the zone, as far as they are known. */
  readonly others: readonly RecordSet[];
}

/** Something wrong with records. An error stops everything, a warning is told. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  /** The set that it is about. */
  readonly set: RecordSet;
}

/** One rule, of Route 53 or of common sense. */
export interface Check {
  /** In kebab case. */
  readonly id: string;
  readonly summary: string;
  readonly find: (subject: Subject) => readonly Finding[];
}

/** All sets of a name and type. */
export interface Group {
  /** `www.example.com A` */
  readonly title: string;
  readonly policy: Policy;
  readonly sets: readonly [RecordSet, ...RecordSet[]];
}

/** The wanted sets by name and type; the policy is that of the first. */
export function groupsOf({ wanted }: Subject): readonly Group[] {
  return [...groups(wanted.sets).values()].map((sets) => {
    const [first] = sets as readonly [RecordSet];
    return {
      title: `${shown(first.Name)} ${first.Type}`,
      policy: policyOf(first),
      sets: sets as readonly [RecordSet, ...RecordSet[]],
    };
  });
}

/** Findings of every group of a policy. */
export function forPolicy(
  policy: Policy,
  find: (group: Group, subject: Subject) => readonly Finding[],
): Check['find'] {
  return (subject) =>
    groupsOf(subject)
      .filter((group) => group.policy === policy)
      .flatMap((group) => find(group, subject));
}

/** Findings of every set. */
export function forSets(
  find: (set: RecordSet, subject: Subject) => readonly Omit<Finding, 'set'>[],
): Check['find'] {
  return (subject) =>
    subject.wanted.sets.flatMap((set) => find(set, subject).map((finding) => ({ ...finding, set })));
}

export function error(message: string, hint?: string): Omit<Finding, 'set'> {
  return { level: 'error', message, ...(hint === undefined ? {} : { hint }) };
}

export function warning(message: string, hint?: string): Omit<Finding, 'set'> {
  return { level: 'warning', message, ...(hint === undefined ? {} : { hint }) };
}

/** Values that come more than once, each with the second set that has it. */
export function repeated(
  sets: readonly RecordSet[],
  valueOf: (set: RecordSet) => string | undefined,
): readonly (readonly [value: string, set: RecordSet])[] {
  const seen = new Set<string>();
  return sets.flatMap((set): (readonly [string, RecordSet])[] => {
    const value = valueOf(set);
    if (value === undefined) return [];
    if (seen.has(value)) return [[value, set]];
    seen.add(value);
    return [];
  });
}
