import { groupOf, type RecordSet, valuesOf } from '../record.ts';
import type { Change, GroupChange } from './diff.ts';

/** What one batch may hold (ChangeResourceRecordSets, limits): ResourceRecord elements, and characters of their values. */
export const LIMITS = { records: 1000, characters: 32_000 } as const;

interface Size {
  readonly records: number;
  readonly characters: number;
}

/** An alias has no ResourceRecord; it counts as one all the same, so that no batch grows without bounds. */
function sizeOf({ ResourceRecordSet: set }: Change): Size {
  const values = valuesOf(set);
  return {
    records: Math.max(1, values.length),
    characters: values.reduce((sum, { length }) => sum + length, 0),
  };
}

/**
 * Changes in as few batches as the limits allow. What belongs together comes in one batch, which Route 53 takes or refuses
 * as a whole: all types of a name, and records with those that aliases lead to.
 */
export function batchesOf(changes: readonly GroupChange[]): readonly (readonly Change[])[] {
  const bins: { readonly changes: Change[]; records: number; characters: number }[] = [];
  const put = (parts: readonly Change[], size: Size, isNew: boolean): void => {
    const fits = (bin: Size): boolean =>
      bin.records + size.records <= LIMITS.records && bin.characters + size.characters <= LIMITS.characters;
    let bin = isNew ? undefined : bins.find(fits);
    if (!bin) bins.push((bin = { changes: [], records: 0, characters: 0 }));
    bin.changes.push(...parts);
    bin.records += size.records;
    bin.characters += size.characters;
  };
  const units = together(changes).map((unit) => {
    const parts = inOrder(unit);
    return { parts, size: total(parts) };
  });
  for (const { parts, size } of units.toSorted((a, b) => weightOf(b.size) - weightOf(a.size))) {
    if (weightOf(size) <= 1) put(parts, size, false);
    // more than a batch holds goes in pieces, one after the other
    else for (const piece of pieces(parts)) put(piece, total(piece), true);
  }
  return bins.map(({ changes }) => changes);
}

/** Part of a batch that something takes. */
function weightOf({ records, characters }: Size): number {
  return Math.max(records / LIMITS.records, characters / LIMITS.characters);
}

function total(changes: readonly Change[]): Size {
  const sizes = changes.map(sizeOf);
  return {
    records: sizes.reduce((sum, { records }) => sum + records, 0),
    characters: sizes.reduce((sum, { characters }) => sum + characters, 0),
  };
}

/** Groups that must change at once: those of a name, and those that aliases join. */
function together(changes: readonly GroupChange[]): readonly (readonly Change[])[] {
  const parent = new Map(changes.map(({ Name }) => [Name, Name]));
  const root = (name: string): string => {
    let at = name;
    while (parent.get(at) !== at) at = parent.get(at)!;
    parent.set(name, at);
    return at;
  };
  for (const { Name, changes: own } of changes) {
    for (const { ResourceRecordSet } of own) {
      const target = ResourceRecordSet.AliasTarget?.DNSName;
      if (target !== undefined && parent.has(target)) parent.set(root(Name), root(target));
    }
  }
  const units = new Map<string, Change[]>();
  for (const { Name, changes: own } of changes) {
    const unit = units.get(root(Name));
    if (unit) unit.push(...own);
    else units.set(root(Name), [...own]);
  }
  return [...units.values()];
}

/** Aliases go before what they lead to and come after it. */
function inOrder(changes: readonly Change[]): readonly Change[] {
  const made = new Map<string, RecordSet>();
  for (const { ResourceRecordSet: set } of changes) if (set.AliasTarget) made.set(groupOf(set), set);
  const depth = (set: RecordSet, seen = 0): number => {
    const target = set.AliasTarget;
    if (!target || seen > made.size) return 0;
    const next = made.get(groupOf({ Name: target.DNSName, Type: set.Type }));
    return 1 + (next ? depth(next, seen + 1) : 0);
  };
  const of = (action: Change['Action']) => changes.filter(({ Action }) => Action === action);
  const byDepth = (sign: 1 | -1) => (a: Change, b: Change) =>
    sign * (depth(a.ResourceRecordSet) - depth(b.ResourceRecordSet));
  return [...of('DELETE').toSorted(byDepth(-1)), ...of('CREATE').toSorted(byDepth(1))];
}

/** Changes in pieces that each fit into a batch; what replaces a set stays with what deletes it. */
function pieces(changes: readonly Change[]): readonly (readonly Change[])[] {
  const pairs = new Map<string, Change[]>();
  for (const change of changes) {
    const { SetIdentifier = '' } = change.ResourceRecordSet;
    const key = `${groupOf(change.ResourceRecordSet)} ${SetIdentifier}`;
    pairs.set(key, [...(pairs.get(key) ?? []), change]);
  }
  const result: Change[][] = [[]];
  for (const pair of pairs.values()) {
    const last = result.at(-1)!;
    if (last.length > 0 && weightOf(total([...last, ...pair])) > 1) result.push([...pair]);
    else last.push(...pair);
  }
  return result;
}
