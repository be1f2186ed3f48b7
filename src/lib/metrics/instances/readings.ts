import type { Metric, Statistic } from '../catalog.ts';
import { inTurn } from '../collect.ts';
import { type Answer, pointsOf, type Series } from '../points.ts';
import type { Window } from '../window.ts';
import { INSTANCE_METRICS } from './catalog.ts';

/** An instance of Lightsail, as far as its metrics go. */
export interface MeasuredInstance {
  readonly name: string;
  readonly region: string;
  /** In Lightsail's words: `running`, `stopped`… */
  readonly state: string;
}

/** The series of one instance. */
export interface InstanceReadings {
  readonly instance: MeasuredInstance;
  readonly series: readonly Series[];
  /** @param statistic that which is shown first when left out. */
  find(metric: string, statistic?: Statistic): Series | undefined;
}

/** What brings one metric of an instance: an answer for each of its statistics, by their order. */
export type FetchInstance = (
  instance: MeasuredInstance,
  metric: Metric,
  window: Window,
) => Promise<readonly Answer[]>;

/** The series of some instances: as many calls as there are metrics for each. */
export async function collectInstances(
  instances: readonly MeasuredInstance[],
  window: Window,
  now: Date,
  fetch: FetchInstance,
): Promise<InstanceReadings[]> {
  const wanted = instances.flatMap((instance) => INSTANCE_METRICS.map((metric) => ({ instance, metric })));
  const answers = await inTurn(wanted, ({ instance, metric }) => fetch(instance, metric, window));
  const each = INSTANCE_METRICS.length;
  return instances.map((instance, index) =>
    instanceReadings(instance, answers.slice(index * each, (index + 1) * each), window, now),
  );
}

/** @param answers for each metric in the order of the catalogue, those of its statistics. */
export function instanceReadings(
  instance: MeasuredInstance,
  answers: readonly (readonly Answer[])[],
  window: Window,
  now: Date,
): InstanceReadings {
  const series = INSTANCE_METRICS.flatMap((metric, place) =>
    metric.statistics.map((statistic, index): Series => {
      const dimensions = { InstanceName: instance.name };
      const about = { metric, statistic, scope: 'instance', dimensions } as const;
      const answer = answers[place]![index]!;
      return { ...about, points: pointsOf(about, answer, window, now), complete: answer.complete };
    }),
  );
  return {
    instance,
    series,
    find: (metric, statistic) =>
      series.find(
        (one) => one.metric.name === metric && (statistic === undefined || one.statistic === statistic),
      ),
  };
}
