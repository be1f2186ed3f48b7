import type { NetworkBalancer } from './balancer.ts';
import { type Answer, pointsOf, type Series } from './points.ts';
import { type Readings, readingsOf } from './readings.ts';
import { callsFor, type Query, seriesOf, type Wanted } from './series.ts';
import type { Window } from './window.ts';

/** What brings the points of some queries of a Region, by their Id. */
export type Fetch = (
  region: string,
  queries: readonly Query[],
  from: Date,
  to: Date,
) => Promise<ReadonlyMap<string, Answer>>;

/** Calls at a time: CloudWatch takes 50 a second, with 180,000 points a second for what is younger than 3 hours. */
const AT_ONCE = 4;

/** The series of many balancers, with as few calls as there can be: those of a Region share them. */
export async function collect(
  balancers: readonly NetworkBalancer[],
  window: Window,
  now: Date,
  fetch: Fetch,
): Promise<Readings[]> {
  const found = new Map<NetworkBalancer, Series[]>();
  for (const region of new Set(balancers.map((balancer) => balancer.region))) {
    const here = balancers.filter((balancer) => balancer.region === region);
    const wanted = here.flatMap((balancer) => seriesOf(balancer).map((series) => ({ balancer, series })));
    // nodes may serve several balancers
    const different = [...new Map(wanted.map(({ series }) => [keyOf(series), series])).values()];
    const places = new Map(different.map((series, index) => [keyOf(series), `s${index}`]));
    const calls = callsFor(different, window);
    const answers = await inTurn(calls, (queries) => fetch(region, queries, window.from, window.to));
    const all = new Map(answers.flatMap((answer) => [...answer]));
    for (const { balancer, series } of wanted) {
      const answer = all.get(places.get(keyOf(series))!) ?? { times: [], values: [], complete: false };
      const points = pointsOf(series, answer, window, now);
      found.set(balancer, [...(found.get(balancer) ?? []), { ...series, points, complete: answer.complete }]);
    }
  }
  return balancers.map((balancer) => readingsOf(balancer, found.get(balancer) ?? []));
}

function keyOf({ metric, statistic, dimensions }: Wanted): string {
  return JSON.stringify([metric.namespace, metric.name, statistic, dimensions]);
}

/** Does all of them, some at a time. */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let index = 0; index < items.length; index += AT_ONCE)
    results.push(...(await Promise.all(items.slice(index, index + AT_ONCE).map(work))));
  return results;
}
