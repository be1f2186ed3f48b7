import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchesOf, LIMITS } from '../../../src/lib/dns/change/batches.ts';
import { type Change, difference, type GroupChange } from '../../../src/lib/dns/change/diff.ts';
import { guard } from '../../../src/lib/dns/change/guard.ts';
import { ownershipName, ownershipOf, readOwnership } from '../../../src/lib/dns/change/ownership.ts';
import { planFor } from '../../../src/lib/dns/change/plan.ts';
import { textOf } from '../../../src/lib/dns/change/same.ts';
import { undoing } from '../../../src/lib/dns/change/undo.ts';
import { groups, keyOf, type RecordSet, valuesOf } from '../../../src/lib/dns/record.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { a, alias, byFlags, NAME, wanted } from './records.ts';

const weighted = (id: string, Weight: number, value = '192.0.2.1') => a({ SetIdentifier: id, Weight }, value);
const owned = (sets: readonly RecordSet[], owner = 'shop') => [...sets, ownershipOf(sets[0]!, owner)];

/** A zone after some changes, as Route 53 makes them; throws where it would refuse. */
function made(zone: readonly RecordSet[], changes: readonly Change[]): readonly RecordSet[] {
  const now = new Map(zone.map((set) => [keyOf(set), set]));
  for (const { Action, ResourceRecordSet: set } of changes) {
    const there = now.get(keyOf(set));
    if (Action === 'CREATE' ? there !== undefined : there === undefined || textOf(there) !== textOf(set))
      throw new Error(`${Action} ${keyOf(set)} would be refused`);
    if (Action === 'CREATE') now.set(keyOf(set), set);
    else now.delete(keyOf(set));
  }
  return [...now.values()];
}

const flat = (changes: readonly GroupChange[]) => changes.flatMap(({ changes }) => changes);

describe('difference', () => {
  test('changes what differs and nothing else, by what it was', () => {
    const now = owned([weighted('blue', 90), weighted('green', 10), weighted('old', 1)]);
    const { changes } = difference(
      now,
      wanted([weighted('blue', 90), weighted('green', 20), weighted('new', 1)]),
    );
    expect(
      flat(changes).map(({ Action, ResourceRecordSet: { SetIdentifier, Weight } }) => [
        Action,
        SetIdentifier,
        Weight,
      ]),
    ).toEqual([
      ['DELETE', 'old', 1],
      ['DELETE', 'green', 10],
      ['CREATE', 'green', 20],
      ['CREATE', 'new', 1],
    ]);
  });

  test('the same in another order, and with defaults, is no change', () => {
    const values = [{ Value: '192.0.2.1' }, { Value: '192.0.2.2' }];
    const now = owned([a({ ResourceRecords: values, MultiValueAnswer: false })]);
    expect(difference(now, wanted([a({ ResourceRecords: values.toReversed() })])).changes).toEqual([]);
  });

  test('records of nobody, and of somebody else, are left alone and told', () => {
    const bare = difference([weighted('blue', 1)], wanted([weighted('blue', 2)]));
    expect(bare).toMatchObject({ changes: [], foreign: [{ owner: undefined }] });
    const other = difference(owned([weighted('blue', 1)], 'blog'), wanted([weighted('blue', 2)]));
    expect(other).toMatchObject({ changes: [], foreign: [{ owner: 'blog' }] });
  });

  test('records of nobody that are as they should be are taken over where that is asked for', () => {
    const now = [weighted('blue', 1)];
    const { changes, foreign } = difference(now, wanted(now), { adopt: true });
    expect(foreign).toEqual([]);
    expect(flat(changes).map(({ Action, ResourceRecordSet }) => [Action, ResourceRecordSet.Type])).toEqual([
      ['CREATE', 'TXT'],
    ]);
    expect(difference(now, wanted([weighted('blue', 2)]), { adopt: true }).foreign).toHaveLength(1);
  });

  test('a balancer takes over what flags have made, and what it does not want any more goes', () => {
    const other = owned([a({ Name: 'old.example.com.' })]);
    const now = [...owned([weighted('blue', 1)], '@flags'), ...other];
    const { changes, others } = difference(now, wanted([weighted('blue', 1)]));
    expect(changes.map(({ Name, action, from }) => [Name, action, from])).toEqual([
      [NAME, 'change', '@flags'],
      ['old.example.com.', 'delete', undefined],
    ]);
    expect(others).toEqual([]);
    const flags = difference(now, { ...byFlags('--weighted', 'blue:1=192.0.2.1') });
    expect(flags.changes).toEqual([]);
  });

  test('whatever there is and is wanted, the changes lead from one to the other, and back', () => {
    const set = fc
      .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y', 'z'), fc.integer({ min: 0, max: 2 }))
      .map(([name, id, Weight]) => a({ Name: `${name}.example.com.`, SetIdentifier: id, Weight }));
    const sets = fc.uniqueArray(set, { selector: keyOf, maxLength: 9 });
    fc.assert(
      fc.property(sets, sets, (was, is) => {
        const now = [...groups(was).values()].flatMap((group) => owned(group));
        const { changes } = difference(now, wanted(is));
        const all = batchesOf(changes).flat();
        const after = made(now, all);
        const text = (of: readonly RecordSet[]) => of.map(textOf).toSorted();
        expect(text(after.filter(({ Type }) => Type === 'A'))).toEqual(text(is));
        expect(difference(after, wanted(is)).changes).toEqual([]);
        expect(text(made(after, flat(undoing(all, after).changes)))).toEqual(text(now));
      }),
    );
  });
});

describe('ownership', () => {
  test('is written below the name, by type, and read again', () => {
    const sets = [a({}), a({ Name: '\\052.example.com.', Type: 'AAAA' }), a({ Name: 'example.com.' })];
    const records = sets.map((set) => ownershipOf(set, 'shop'));
    expect(records.map(({ Name }) => Name)).toEqual([
      '_lbctl-a.www.example.com.',
      '_lbctl-aaaa._any.example.com.',
      '_lbctl-a.example.com.',
    ]);
    const { ownerOf, owned } = readOwnership([...sets, ...records]);
    expect(sets.map(ownerOf)).toEqual(['shop', 'shop', 'shop']);
    expect(owned.map(({ Name, Type }) => [Name, Type])).toEqual(sets.map(({ Name, Type }) => [Name, Type]));
  });

  test('texts of others are none', () => {
    const others = ['"v=spf1 -all"', '"heritage=external-dns,owner=x"', 'heritage=lbctl'].map((value) =>
      a({ Name: ownershipName(NAME, 'A'), Type: 'TXT' }, value),
    );
    expect(others.map((set) => readOwnership([set]).ownerOf({ Name: NAME, Type: 'A' }))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('batches', () => {
  const many = (count: number, more: (index: number) => Partial<RecordSet> = () => ({})) =>
    Array.from({ length: count }, (_, index) => a({ Name: `n${index}.example.com.`, ...more(index) }));

  function leastOf(changes: readonly Change[]): number {
    const records = changes.reduce(
      (sum, { ResourceRecordSet }) => sum + Math.max(1, valuesOf(ResourceRecordSet).length),
      0,
    );
    const characters = changes.reduce(
      (sum, { ResourceRecordSet }) => sum + valuesOf(ResourceRecordSet).join('').length,
      0,
    );
    return Math.max(Math.ceil(records / LIMITS.records), Math.ceil(characters / LIMITS.characters));
  }

  test('5,000 records: under two seconds of processor, in the least number of batches', () => {
    const current = many(5000).flatMap((set) => owned([set]));
    const desired = many(5000, (index) => ({
      ResourceRecords: [{ Value: `198.51.${index >> 8}.${index & 255}` }],
    }));
    const world = { zone: { id: 'Z' }, checks: [], collections: [] };
    const before = cpuTime();
    const plans = [
      planFor({ ...world, sets: [] }, wanted(desired)),
      planFor({ ...world, sets: current }, wanted(desired)),
    ];
    const batches = plans.map((plan) => batchesOf(plan.difference.changes));
    expect((cpuTime() - before) / plans.length).toBeLessThan(2000);
    expect(plans.map(({ steps }) => steps.length)).toEqual([5000, 5000]);
    for (const [index, found] of batches.entries()) {
      const all = flat(plans[index]!.difference.changes);
      expect(found.flat()).toHaveLength(all.length);
      expect(found.length).toBe(leastOf(all));
      for (const batch of found) expect(leastOf(batch)).toBe(1);
    }
    expect(batches.map(({ length }) => length)).toEqual([10, 10]);
  });

  test('characters count as records do', () => {
    const text = `"${'x'.repeat(250)}"`;
    const { changes } = difference(
      [],
      wanted(many(1000, () => ({ Type: 'TXT', ResourceRecords: [{ Value: text }] }))),
    );
    const found = batchesOf(changes);
    expect(found.length).toBe(leastOf(flat(changes)));
  });

  test('what belongs together stays together, aliases after what they lead to', () => {
    const pairs = many(600).flatMap((set, index) => [
      alias({ Name: `alias${index}.example.com.` }, set.Name),
      set,
    ]);
    const { changes } = difference([], wanted(pairs));
    const found = batchesOf(changes);
    expect(found.length).toBe(3);
    for (const batch of found) {
      const at = new Map(batch.map(({ ResourceRecordSet }, index) => [ResourceRecordSet.Name, index]));
      for (const [index, { ResourceRecordSet }] of batch.entries()) {
        const target = ResourceRecordSet.AliasTarget?.DNSName;
        if (target !== undefined) expect(at.get(target)).toBeLessThan(index);
      }
    }
  });

  test('more than a batch holds goes in pieces', () => {
    const values = Array.from({ length: 400 }, (_, index) => ({
      Value: `10.0.${index >> 8}.${index & 255}`,
    }));
    const sets = Array.from({ length: 5 }, (_, index) =>
      a({ SetIdentifier: `s${index}`, GeoLocation: { CountryCode: 'DE' }, ResourceRecords: values }),
    );
    const found = batchesOf(difference([], wanted(sets)).changes);
    expect(found.map((batch) => leastOf(batch))).toEqual([1, 1, 1]);
    expect(found.flat()).toHaveLength(6);
  });
});

test('more than 30% of ten records or more is guarded', () => {
  expect(() => guard({ owned: 9, touched: 9 })).not.toThrow();
  expect(() => guard({ owned: 10, touched: 3 })).not.toThrow();
  expect(() => guard({ owned: 10, touched: 4 })).toThrow(/4 of 10 records/u);
});
