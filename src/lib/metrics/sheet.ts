import type { Series } from './points.ts';
import type { Readings } from './readings.ts';
import { type Panel, panelsOf } from './reporters/panels.ts';
import { type Line, linesOf } from './summary.ts';
import { verdictsOn } from './verdicts/judge.ts';
import type { Verdict } from './verdicts/verdict.ts';
import type { Window } from './window.ts';

/** All that is told of one balancer or instance, in whatever form. */
export interface Sheet {
  readonly kind: 'balancer' | 'instance';
  readonly name: string;
  readonly region: string;
  /** What stands behind the Region: zones of a balancer, the state of an instance. */
  readonly detail: string;
  readonly series: readonly Series[];
  /** The worst first. */
  readonly verdicts: readonly Verdict[];
  readonly lines: readonly Line[];
  readonly panels: readonly Panel[];
  /** What is drawn large on a screen. */
  readonly main: { readonly title: string; readonly series: Series } | null;
}

export function sheetOf(readings: Readings, window: Window): Sheet {
  const { balancer, series } = readings;
  const flows = readings.find('NewFlowCount');
  return {
    kind: 'balancer',
    name: balancer.name,
    region: balancer.region,
    detail: balancer.zones.join(' '),
    series,
    verdicts: verdictsOn(readings),
    lines: linesOf(readings, window),
    panels: panelsOf(readings),
    main: flows ? { title: 'new flows', series: flows } : null,
  };
}
