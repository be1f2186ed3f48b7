import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors.ts';
import { LIGHTSAIL, windowOf, type WindowOptions } from '../../../src/lib/metrics/window.ts';

const NOW = new Date('2026-06-30T12:00:30Z');
const DAY = 86_400_000;

const told = (options: WindowOptions) => {
  const { from, to, period, notes } = windowOf(options, NOW);
  return { from: from.toISOString(), to: to.toISOString(), period, notes };
};

describe('a window', () => {
  test('of Lightsail has the points that it measures, and as many as it tells', () => {
    const of = (since: string, period?: string) => windowOf({ since, period }, NOW, LIGHTSAIL);
    expect(of('3h')).toMatchObject({ period: 300, notes: [] });
    expect(of('3h', '1m')).toMatchObject({
      period: 300,
      notes: ['--period 1m is taken as 5m: what it tells is measured every 5m'],
    });
    const { from, to, period, notes } = of('14d', '5m');
    expect(notes).toEqual(['--period 5m is taken as 15m: one answer has 1,440 points at most']);
    expect((to.getTime() - from.getTime()) / 1000 / period).toBeLessThanOrEqual(1440);
  });

  test('is three hours of minutes when nothing is said, on whole minutes', () => {
    expect(told({})).toEqual({
      from: '2026-06-30T09:00:00.000Z',
      to: '2026-06-30T12:01:00.000Z',
      period: 60,
      notes: [],
    });
  });

  test.each<[WindowOptions, number]>([
    [{ since: '12h' }, 300],
    [{ since: '1d' }, 900],
    [{ since: '7d' }, 3600],
    [{ since: '16d', until: '15d' }, 900],
    [{ since: '70d', until: '69d' }, 3600],
    [{ since: '400d' }, 86_400 * 2],
  ])('%j has points of %i s at most', (options, most) => {
    const { period, from, to } = windowOf(options, NOW);
    expect(period).toBeLessThanOrEqual(most);
    expect((to.getTime() - from.getTime()) / 1000 / period).toBeLessThanOrEqual(500);
  });

  test.each<[WindowOptions, number, string]>([
    [{ since: '1h', period: '30s' }, 60, '--period 30s is taken as 1m: its points are whole minutes'],
    [{ since: '1h', period: '90s' }, 120, '--period 90s is taken as 2m: its points are whole minutes'],
    [
      { since: '20d', period: '1m' },
      300,
      '--period 1m is taken as 5m: so far back it keeps no finer points than 5m',
    ],
    [
      { since: '100d', period: '5m' },
      3600,
      '--period 5m is taken as 1h: so far back it keeps no finer points than 1h',
    ],
  ])('%j is adjusted, and says so', (options, period, note) => {
    expect(told(options)).toMatchObject({ period, notes: [note] });
  });

  test('ends now where it should end later', () => {
    expect(told({ until: '2026-07-01' })).toMatchObject({
      to: '2026-06-30T12:01:00.000Z',
      notes: ['--until lies in the future: it ends now'],
    });
  });

  test('begins where CloudWatch has something', () => {
    const { from, notes } = windowOf({ since: '500d', until: '400d' }, NOW);
    expect(NOW.getTime() - from.getTime()).toBeLessThan(455 * DAY);
    expect(notes).toEqual(['--since lies before what CloudWatch keeps, 455 days: it begins there']);
  });

  test.each(['2026-06-30T10:00', '2026-06-30T10:00Z', '2026-06-30T12:00+02:00'])('%s is a time', (since) => {
    expect(told({ since }).from).toBe('2026-06-30T10:00:00.000Z');
  });

  test.each<[WindowOptions, string]>([
    [{ since: 'yesterday' }, 'bad-time'],
    [{ since: '2026-13-01' }, 'bad-time'],
    [{ since: '2026-02-31' }, 'bad-time'],
    [{ since: '30 June 2026' }, 'bad-time'],
    [{ since: '0h' }, 'bad-time'],
    [{ period: '5 minutes' }, 'bad-time'],
    [{ since: '1h', until: '2h' }, 'empty-window'],
    [{ since: '600d', until: '500d' }, 'too-old'],
  ])('%j is refused', (options, code) => {
    expect(() => windowOf(options, NOW)).toThrow(expect.objectContaining({ kind: 'usage', code }));
  });

  test('is always one that CloudWatch answers', () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.nat(10_000), fc.constantFrom('', 's', 'm', 'h', 'd', 'w'))
        .map(([n, unit]) => `${n}${unit}`),
      fc
        .date({ min: new Date(0), max: new Date('2027-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
    );
    const some = fc.option(text, { nil: undefined });
    fc.assert(
      fc.property(some, some, some, (since, until, period) => {
        try {
          const window = windowOf({ since, until, period }, NOW);
          const age = (NOW.getTime() - window.from.getTime()) / DAY;
          const finest = age <= 15 ? 60 : age <= 63 ? 300 : 3600;
          expect(window.period % finest).toBe(0);
          expect(age).toBeLessThanOrEqual(455);
          expect(window.from < window.to).toBe(true);
          expect((window.to.getTime() - window.from.getTime()) / 1000 / window.period).toBeLessThanOrEqual(
            100_801,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
