import fc from 'fast-check';
import { expect, test } from 'vitest';
import { movesTo, readWeights, weighing } from '../../../src/lib/dns/shift.ts';
import { byFlags } from './records.ts';

test('weights go all at once, or in steps that none exceeds', () => {
  expect(movesTo({ blue: 100, green: 0 }, { blue: 90, green: 10 })).toEqual([{ blue: 90, green: 10 }]);
  expect(movesTo({ blue: 100, green: 0 }, { blue: 70, green: 30 }, 10)).toEqual([
    { blue: 90, green: 10 },
    { blue: 80, green: 20 },
    { blue: 70, green: 30 },
  ]);
  expect(movesTo({ blue: 1, green: 9 }, { blue: 1, green: 9 }, 10)).toEqual([]);
});

test('steps end where they should, and none is too large', () => {
  const weight = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(weight, weight, weight, weight, fc.integer({ min: 1, max: 255 }), (a, b, c, d, step) => {
      const moves = movesTo({ a, b }, { a: c, b: d }, step);
      let [x, y] = [a, b];
      for (const move of moves) {
        expect(Math.abs((move['a'] ?? x) - x)).toBeLessThanOrEqual(step);
        expect(Math.abs((move['b'] ?? y) - y)).toBeLessThanOrEqual(step);
        [x, y] = [move['a'] ?? x, move['b'] ?? y];
      }
      expect([x, y]).toEqual([c, d]);
    }),
  );
});

test('only what changes is changed, by what it was', () => {
  const { sets } = byFlags('--weighted', 'blue:100=192.0.2.1', '--weighted', 'green:0=192.0.2.2');
  const [change] = weighing(sets, { green: 10 });
  expect(
    change!.changes.map(({ Action, ResourceRecordSet: { SetIdentifier, Weight } }) => [
      Action,
      SetIdentifier,
      Weight,
    ]),
  ).toEqual([
    ['DELETE', 'green', 0],
    ['CREATE', 'green', 10],
  ]);
});

test('weights are read, or refused', () => {
  expect(readWeights(['blue=90', 'green=10'])).toEqual({ blue: 90, green: 10 });
  for (const word of ['blue', 'blue=256', 'blue=-1', '=1', 'blue=x'])
    expect(() => readWeights([word])).toThrow(/is no weight/u);
});
