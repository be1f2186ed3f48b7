import type { Statistic } from '../catalog.ts';

/** How bad it is: what takes traffic down, or what will. */
export type Severity = 'critical' | 'warning';

/** Watches one metric. Names of keys are those of CloudWatch, in small letters. */
export interface MetricAlarm {
  readonly kind: 'metric';
  readonly name: string;
  readonly severity: Severity;
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
  /** Seconds. */
  readonly period: number;
  /** It goes off when this many of so many periods are beyond the threshold. */
  readonly periods: readonly [datapoints: number, of: number];
  readonly comparison: 'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  /** What a period without samples counts for. */
  readonly missing: 'breaching' | 'notBreaching' | 'missing';
  /** What AWS does by itself when it goes off: ARNs of recovery, or of a scaling policy; people are told by the composite. */
  readonly actions: readonly string[];
}

/** Goes off when one of several does, and tells people once. */
export interface CompositeAlarm {
  readonly kind: 'composite';
  readonly name: string;
  readonly severity: Severity;
  readonly description: string;
  /** Names of the alarms that it goes by, in their order. */
  readonly of: readonly string[];
  /** Topics of SNS that are told when it goes off, and when that is over. */
  readonly actions: readonly string[];
}

export type Alarm = MetricAlarm | CompositeAlarm;

/** What the names of all alarms of a balancer begin with: another balancer's name cannot go on with a slash. */
export function prefixOf(balancer: string): string {
  return `lbctl/${balancer}/`;
}

/** The rule of a composite alarm, in CloudWatch's own language. */
export function ruleOf({ of }: CompositeAlarm): string {
  return of.map((name) => `ALARM("${name}")`).join(' OR ');
}
