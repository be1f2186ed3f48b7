import { highest, latest, lowest, mean } from '../points.ts';
import { valueText } from '../units.ts';
import { moment, type Verdict, worstFirst } from '../verdicts/verdict.ts';
import type { InstanceReadings } from './readings.ts';

type InstanceJudge = (readings: InstanceReadings) => readonly Verdict[];

/** Percent of the CPU from which on it is busy: what comes on top has to wait. */
const BUSY = 80;
/** Percent of the burst capacity below which it is about to be used up. */
const SHORT = 20;

const LARGER = 'a larger lightsail.bundle, or more lightsail.instances, in lb.yaml';
const percent = (value: number): string => valueText(value, 'Percent');

const state: InstanceJudge = ({ instance }) =>
  instance.state === 'running'
    ? []
    : [
        {
          subject: 'state',
          level: 'warning',
          party: 'balancer',
          message: `the instance is ${instance.state}`,
          hint: 'lbctl up brings it up',
        },
      ];

const status: InstanceJudge = ({ instance: { name, region }, find }) => {
  const series = find('StatusCheckFailed');
  const failed = series?.points.filter(([, value]) => value !== null && value > 0) ?? [];
  if (series === undefined || failed.length === 0) return [];
  const isDown = latest(series)! > 0;
  const [last] = failed.at(-1)!;
  return [
    {
      subject: 'status',
      level: isDown ? 'critical' : 'warning',
      party: 'balancer',
      message: isDown
        ? `status checks fail, since ${moment(beginning(series.points))} at least: the machine or its system does not answer`
        : `status checks failed, last at ${moment(last)}, and pass again`,
      hint: isDown
        ? `aws lightsail reboot-instance --region ${region} --instance-name ${name}`
        : 'look at the journal of that time: journalctl --system',
    },
  ];
};

/** Of what is not 0 up to the end. */
function beginning(points: readonly (readonly [Date, number | null])[]): Date {
  const good = points.findLastIndex(([, value]) => value === 0);
  return points.slice(good + 1).find(([, value]) => value !== null)![0];
}

const cpu: InstanceJudge = ({ find }) => {
  const series = find('CPUUtilization', 'Average');
  const usual = series && mean(series);
  if (series === undefined || usual === undefined) return [];
  const [at, top] = highest(find('CPUUtilization', 'Maximum') ?? series)!;
  const told = `mean ${percent(usual)}, most ${percent(top!)} at ${moment(at)}`;
  const now = latest(series)!;
  if (now >= BUSY || usual >= BUSY)
    return [
      {
        subject: 'cpu',
        level: 'warning',
        party: 'balancer',
        message: `the CPU is busy: now ${percent(now)}, ${told}`,
        hint: `it needs ${LARGER}`,
      },
    ];
  return [{ subject: 'cpu', level: top! >= BUSY ? 'info' : 'ok', party: null, message: told, hint: null }];
};

const burst: InstanceJudge = ({ find }) => {
  const series = find('BurstCapacityPercentage');
  const worst = series && lowest(series);
  if (series === undefined || worst === undefined) return [];
  const now = latest(series)!;
  const hint = `the CPU works above its baseline for too long: it needs ${LARGER}`;
  // it is told with decimals, and gains some while it is used up
  if (now < 1)
    return [
      {
        subject: 'burst',
        level: 'critical',
        party: 'balancer',
        message: 'the burst capacity is used up: the CPU is held to its baseline',
        hint,
      },
    ];
  if (worst[1]! < SHORT)
    return [
      {
        subject: 'burst',
        level: 'warning',
        party: 'balancer',
        message: `${worst[1]! < 1 ? 'the burst capacity was used up' : `the burst capacity was down to ${percent(worst[1]!)}`} at ${moment(worst[0])}, and is ${percent(now)} now`,
        hint,
      },
    ];
  return [
    {
      subject: 'burst',
      level: 'ok',
      party: null,
      message: `${percent(now)} of the capacity is left`,
      hint: null,
    },
  ];
};

const samples: InstanceJudge = ({ instance, series }) =>
  instance.state !== 'running' || series.some((one) => highest(one) !== undefined)
    ? []
    : [
        {
          subject: 'data',
          level: 'info',
          party: null,
          message: 'Lightsail has no samples of this time',
          hint: 'an instance that was just made is measured after some minutes',
        },
      ];

const JUDGES: readonly InstanceJudge[] = [state, status, cpu, burst, samples];

/** Everything that the series of an instance say, the worst first. */
export function verdictsOnInstance(readings: InstanceReadings): Verdict[] {
  return worstFirst(JUDGES.flatMap((judge) => judge(readings)));
}
