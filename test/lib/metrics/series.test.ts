import { describe, expect, test } from 'vitest';
import { FLOW_METRICS } from '../../../src/lib/metrics/catalog.ts';
import { highest, latest, lowest, mean, pointsOf, total } from '../../../src/lib/metrics/points.ts';
import { callsFor, seriesOf } from '../../../src/lib/metrics/series.ts';
import { windowOf } from '../../../src/lib/metrics/window.ts';
import { NOW, SHOP } from './readings.ts';

const named = (name: string) => seriesOf(SHOP).find(({ metric }) => metric.name === name)!;
const WINDOW = windowOf({ since: '10m' }, NOW);
const at = (minute: number): Date => new Date(WINDOW.from.getTime() + minute * 60_000);

describe('series', () => {
  test('are there for every metric of a balancer, with dimensions that CloudWatch has for it', () => {
    const all = seriesOf(SHOP);
    expect(new Set(all.map(({ metric }) => metric.name))).toEqual(
      new Set(FLOW_METRICS.map(({ name }) => name)),
    );
    const balancer = 'net/shop/50dc6c495c0c9188';
    const group = 'targetgroup/web/73e2d6bc24d8a067';
    const kinds = new Set(
      all.map(
        ({ scope, dimensions }) =>
          `${scope} ${Object.entries(dimensions)
            .map((pair) => pair.join('='))
            .join(' ')}`,
      ),
    );
    expect(kinds).toEqual(
      new Set([
        `balancer LoadBalancer=${balancer}`,
        `zone LoadBalancer=${balancer} AvailabilityZone=us-east-1a`,
        `zone LoadBalancer=${balancer} AvailabilityZone=us-east-1b`,
        `group TargetGroup=${group}`,
        `balancer-group LoadBalancer=${balancer} TargetGroup=${group}`,
        `zone-group LoadBalancer=${balancer} AvailabilityZone=us-east-1a TargetGroup=${group}`,
        `zone-group LoadBalancer=${balancer} AvailabilityZone=us-east-1b TargetGroup=${group}`,
      ]),
    );
  });

  test('come in calls of 500, or fewer where that would be more points than a call brings', () => {
    const wanted = Array.from({ length: 20 }, () => seriesOf(SHOP)).flat();
    const sizes = (since: string, period?: string): number[] =>
      callsFor(wanted, windowOf({ since, period }, NOW)).map(({ length }) => length);
    expect(sizes('3h')).toEqual([500, 500, wanted.length - 1000]);
    // a day of minutes has 1,440 points
    expect(Math.max(...sizes('1d', '1m'))).toBe(70);
    const ids = callsFor(wanted, windowOf({}, NOW)).flatMap((queries) => queries.map(({ Id }) => Id));
    expect(ids).toEqual(wanted.map((_, index) => `s${index}`));
  });
});

describe('a point', () => {
  const gap = { times: [at(0), at(2)], values: [4, 6], complete: true };

  test('without a sample is 0 where a metric is told only when it is not', () => {
    const points = pointsOf(named('NewFlowCount_UDP'), gap, WINDOW, new Date(NOW.getTime() + 600_000));
    expect(points.map(([, value]) => value)).toEqual([4, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('without a sample is null where that means that nothing flowed', () => {
    const points = pointsOf(named('NewFlowCount'), gap, WINDOW, new Date(NOW.getTime() + 600_000));
    expect(points.map(([, value]) => value)).toEqual([4, null, 6, ...Array.from({ length: 7 }, () => null)]);
  });

  test('that may still be on its way is left out', () => {
    const points = pointsOf(named('NewFlowCount'), gap, WINDOW, NOW);
    expect(points).toHaveLength(7);
    expect(
      pointsOf(named('NewFlowCount'), { times: [at(9)], values: [1], complete: true }, WINDOW, NOW),
    ).toHaveLength(10);
  });

  test('counts in figures only where it was measured', () => {
    const series = {
      ...named('NewFlowCount'),
      points: pointsOf(named('NewFlowCount'), gap, WINDOW, NOW),
      complete: true,
    };
    expect([total(series), mean(series), latest(series)]).toEqual([10, 5, 6]);
    expect([highest(series), lowest(series)]).toEqual([
      [at(2), 6],
      [at(0), 4],
    ]);
  });
});
