import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueText } from '../../../src/lib/metrics/units.ts';

describe('values for people', () => {
  test.each([
    [0, 'Bytes', '0 B'],
    [0.4, 'Bytes', '0.4 B'],
    [1023, 'Bytes', '1023 B'],
    [1023.6, 'Bytes', '1.0 KiB'],
    [1024 * 99.97, 'Bytes', '100 KiB'],
    [1024 ** 2 - 1, 'Bytes', '1.0 MiB'],
    [1.5 * 1024 ** 3, 'Bytes/Second', '1.5 GiB/s'],
    [1024 ** 6, 'Bytes', '1024 PiB'],
    [0.001, 'Count', '0.001'],
    [1234.4, 'Count', '1,234'],
    [999_999.4, 'Count', '999,999'],
    [999_999.6, 'Count', '1.0M'],
    [12_340_000, 'Count', '12.3M'],
    [999_960_000, 'Count', '1.0G'],
    [0.25, 'Count/Second', '0.25/s'],
    [9.996, 'LCU', '10.0'],
    [0.02, 'Percent', '0.02 %'],
    [9.97, 'Percent', '10 %'],
    [100, 'Percent', '100 %'],
  ] as const)('%d %s is %s', (value, unit, text) => {
    expect(valueText(value, unit)).toBe(text);
  });

  test('what is not nothing is never written as nothing', () => {
    const units = fc.constantFrom('Bytes', 'Count', 'Percent', 'LCU', 'Count/Second', 'Bytes/Second');
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e18, noNaN: true }), units, (value, unit) => {
        expect(Number.parseFloat(valueText(value, unit as 'Count'))).toBeGreaterThan(0);
      }),
    );
  });
});
