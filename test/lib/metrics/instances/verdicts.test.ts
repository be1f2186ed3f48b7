import { describe, expect, test } from 'vitest';
import { verdictsOnInstance } from '../../../../src/lib/metrics/instances/verdicts.ts';
import { instance } from './readings.ts';

const told = (...given: Parameters<typeof instance>): string[] =>
  verdictsOnInstance(instance(...given)).map(
    ({ level, subject, message }) => `${level} ${subject}: ${message}`,
  );

describe('of an instance', () => {
  test('that is well, its CPU and burst capacity are told', () => {
    expect(told()).toEqual([
      'ok cpu: mean 4.0 %, most 4.0 % at 06-30 00:00 UTC',
      'ok burst: 100 % of the capacity is left',
    ]);
  });

  test.each<[string, Parameters<typeof instance>, string]>([
    [
      'a CPU that is busy',
      [{ CPUUtilization: (step) => (step > 120 ? 91 : 10) }],
      'warning cpu: the CPU is busy: now 91 %, mean 23 %, most 91 % at 06-30 10:05 UTC',
    ],
    [
      'a CPU that was busy all the time but at the end',
      [{ CPUUtilization: (step) => (step < 140 ? 95 : 10) }],
      'warning cpu: the CPU is busy: now 10 %, mean 93 %, most 95 % at 06-30 00:00 UTC',
    ],
    [
      'a peak that is over',
      [{ CPUUtilization: (step) => (step === 3 ? 99 : 10) }],
      'info cpu: mean 11 %, most 99 % at 06-30 00:15 UTC',
    ],
    [
      'a burst capacity that is used up',
      [{ BurstCapacityPercentage: (step) => Math.max(0.3, 100 - step) }],
      'critical burst: the burst capacity is used up: the CPU is held to its baseline',
    ],
    [
      'a burst capacity that comes back',
      [{ BurstCapacityPercentage: (step) => Math.abs(step - 100) }],
      'warning burst: the burst capacity was used up at 06-30 08:20 UTC, and is 43 % now',
    ],
    [
      'a burst capacity that goes',
      [{ BurstCapacityPercentage: (step) => 150 - step }],
      'warning burst: the burst capacity was down to 7.0 % at 06-30 11:55 UTC, and is 7.0 % now',
    ],
    [
      'status checks that fail',
      [{ StatusCheckFailed: (step) => (step > 130 ? 1 : 0) }],
      'critical status: status checks fail, since 06-30 10:55 UTC at least: the machine or its system does not answer',
    ],
    [
      'status checks that fail from the beginning on',
      [{ StatusCheckFailed: (step) => (step < 2 ? undefined : 1) }],
      'critical status: status checks fail, since 06-30 00:10 UTC at least: the machine or its system does not answer',
    ],
    [
      'status checks that failed',
      [{ StatusCheckFailed: (step) => (step === 12 ? 1 : 0) }],
      'warning status: status checks failed, last at 06-30 01:00 UTC, and pass again',
    ],
    ['one that is off', [{}, { state: 'stopped' }], 'warning state: the instance is stopped'],
  ])('%s is told first, or beside what is well', (_, given, line) => {
    expect(told(...given)).toContain(line);
  });

  test('that has not been measured, nothing else is told', () => {
    const none = Object.fromEntries(
      ['CPUUtilization', 'BurstCapacityPercentage', 'NetworkIn', 'NetworkOut', 'StatusCheckFailed'].map(
        (name) => [name, () => undefined],
      ),
    );
    expect(told(none)).toEqual(['info data: Lightsail has no samples of this time']);
    expect(told(none, { state: 'stopped' })).toEqual(['warning state: the instance is stopped']);
  });

  test('the worst comes first', () => {
    const levels = verdictsOnInstance(instance({ StatusCheckFailed: () => 1, CPUUtilization: () => 90 })).map(
      ({ level }) => level,
    );
    expect(levels).toEqual(['critical', 'warning', 'ok']);
  });
});
