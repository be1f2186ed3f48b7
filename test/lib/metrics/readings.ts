import type { NetworkBalancer } from '../../../src/lib/metrics/balancer.ts';
import { pointsOf } from '../../../src/lib/metrics/points.ts';
import { type Readings, readingsOf } from '../../../src/lib/metrics/readings.ts';
import { seriesOf, type Wanted } from '../../../src/lib/metrics/series.ts';
import { type Sheet, sheetOf } from '../../../src/lib/metrics/sheet.ts';
import { windowOf } from '../../../src/lib/metrics/window.ts';
import { CALM } from '../../support/flows.ts';

export const NOW = new Date('2026-06-30T12:00:00Z');
export const WINDOW = windowOf({ since: '1h' }, NOW);

const arn = (rest: string): string => `arn:aws:elasticloadbalancing:us-east-1:111122223333:${rest}`;

export const SHOP: NetworkBalancer = {
  name: 'shop',
  arn: arn('loadbalancer/net/shop/50dc6c495c0c9188'),
  region: 'us-east-1',
  state: 'active',
  zones: ['us-east-1a', 'us-east-1b'],
  groups: [{ name: 'web', arn: arn('targetgroup/web/73e2d6bc24d8a067') }],
};

/** Of the whole, a zone or a group; undefined for a minute without a sample. */
type Value = (minute: number, wanted: Wanted) => number | undefined;

/** What a balancer tells in an hour; metrics that are not named are as in a calm one. */
export function readings(values: Readonly<Record<string, Value>> = {}, balancer = SHOP): Readings {
  const all: Readonly<Record<string, Value>> = { ...CALM, ...values };
  const series = seriesOf(balancer).map((wanted) => {
    const minutes = Array.from({ length: 60 }, (_, minute) => minute);
    const samples = minutes.flatMap((minute) => {
      const value = all[wanted.metric.name]?.(minute, wanted);
      return value === undefined ? [] : [[new Date(WINDOW.from.getTime() + minute * 60_000), value] as const];
    });
    const answer = {
      times: samples.map(([time]) => time),
      values: samples.map(([, value]) => value),
      complete: true,
    };
    return { ...wanted, points: pointsOf(wanted, answer, WINDOW, NOW), complete: true };
  });
  return readingsOf(balancer, series);
}

/** The same, as it is told. */
export function sheet(...given: Parameters<typeof readings>): Sheet {
  return sheetOf(readings(...given), WINDOW);
}
