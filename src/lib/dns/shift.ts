import { UserError } from '../errors.ts';
import type { GroupChange } from './change/diff.ts';
import { groups, type RecordSet } from './record.ts';

/** Weights by identifier. */
export type Weights = Readonly<Record<string, number>>;

/** The largest weight. */
const LARGEST = 255;

/**
 * Reads `blue=90`.
 * @throws UserError `usage`.
 */
export function readWeights(words: readonly string[]): Weights {
  return Object.fromEntries(
    words.map((word) => {
      const [, id, weight] = /^([^=]+)=(\d{1,3})$/u.exec(word) ?? [];
      if (id === undefined || Number(weight) > LARGEST)
        throw new UserError('usage', 'bad-weight', `${word} is no weight from 0 to ${LARGEST}`, {
          hint: 'write it like this: lbctl dns shift blue=90 green=10',
        });
      return [id, Number(weight)] as const;
    }),
  );
}

/** Weights as they are. */
export function weightsOf(sets: readonly RecordSet[]): Weights {
  return Object.fromEntries(sets.map(({ SetIdentifier = '', Weight = 0 }) => [SetIdentifier, Weight]));
}

/**
 * Weights move by move, each of which changes none by more than a step.
 * @param step all at once when left out.
 */
export function movesTo(from: Weights, to: Weights, step?: number): readonly Weights[] {
  const ids = Object.keys(to).filter((id) => from[id] !== to[id]);
  const most = Math.max(0, ...ids.map((id) => Math.abs(to[id]! - (from[id] ?? 0))));
  const count = step === undefined ? Math.min(1, most) : Math.ceil(most / step);
  return Array.from({ length: count }, (_, index) => {
    const part = (index + 1) / count;
    return Object.fromEntries(ids.map((id) => [id, Math.round(from[id]! + (to[id]! - from[id]!) * part)]));
  });
}

/** The changes that give sets other weights. */
export function weighing(sets: readonly RecordSet[], weights: Weights): readonly GroupChange[] {
  return [...groups(sets).values()].flatMap((before): GroupChange[] => {
    const changed = before.filter(
      ({ SetIdentifier: id = '', Weight }) => Object.hasOwn(weights, id) && weights[id] !== Weight,
    );
    if (changed.length === 0) return [];
    const { Name, Type } = before[0]!;
    const heavy = (set: RecordSet): RecordSet =>
      changed.includes(set) ? { ...set, Weight: weights[set.SetIdentifier!]! } : set;
    return [
      {
        Name,
        Type,
        action: 'change',
        before,
        after: before.map(heavy),
        from: undefined,
        changes: changed.flatMap((set) => [
          { Action: 'DELETE' as const, ResourceRecordSet: set },
          { Action: 'CREATE' as const, ResourceRecordSet: heavy(set) },
        ]),
      },
    ];
  });
}
