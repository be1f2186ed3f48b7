import { expect, test } from 'vitest';
import { aheadOf, aheadText } from '../../../src/lib/aws/clock.ts';

test('an answer tells by how much the clock here is off', () => {
  const now = Date.parse('2026-06-30T12:00:00Z');
  expect(aheadOf({ date: 'Tue, 30 Jun 2026 11:50:00 GMT' }, now)).toBe(600);
  expect(aheadOf({ date: 'Tue, 30 Jun 2026 12:00:07 GMT' }, now)).toBe(-7);
  expect(aheadOf({ date: 'soon' }, now)).toBeUndefined();
  expect(aheadOf({}, now)).toBeUndefined();
});

test.each([
  [600, '10 min ahead of that of AWS'],
  [-600, '10 min behind that of AWS'],
  [3600, '1 h ahead of that of AWS'],
  [-93_000, '1 d 1 h behind that of AWS'],
  [86_400 * 400, '400 d ahead of that of AWS'],
])('%i s is %s', (seconds, text) => {
  expect(aheadText(seconds)).toBe(text);
});
