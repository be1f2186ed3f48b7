import type { NodeGroup } from '../balancer.ts';
import { highest, latest, mean, type Series } from '../points.ts';
import type { Readings } from '../readings.ts';
import { valueText } from '../units.ts';
import { type Judge, moment, some, type Verdict } from './verdict.ts';

/** Percent of the CPU from which on nodes are busy: what comes on top has to wait. */
const BUSY = 80;
/** A node works alone when it is busy, and this many times as busy as the mean, in so many points one after the other. */
const ALONE = { times: 2, points: 3 };

const percent = (value: number): string => valueText(value, 'Percent');

/** The groups of nodes behind a balancer: how many serve, whether they pass their checks, how much they have to do. */
export const nodes: Judge = (readings) =>
  (readings.balancer.nodes ?? []).flatMap((group) => {
    const wrong = [...missing(group), ...checks(group, readings), ...busy(group, readings)];
    return wrong.length > 0 ? wrong : calm(group, readings);
  });

function verdict(level: Verdict['level'], message: string, hint: string | null): Verdict {
  return { subject: 'nodes', level, party: level === 'ok' ? null : 'target', message, hint };
}

function missing({ name, desired, inService }: NodeGroup): Verdict[] {
  if (inService >= desired) return [];
  return [
    verdict(
      inService === 0 ? 'critical' : 'warning',
      // as Auto Scaling tells it, whatever time is looked at
      `${name}: ${inService} of ${some(desired, 'node')} in service now`,
      `see what Auto Scaling is doing: aws autoscaling describe-scaling-activities --auto-scaling-group-name ${name}`,
    ),
  ];
}

function checks({ name }: NodeGroup, { ofNodes }: Readings): Verdict[] {
  const series = ofNodes(name, 'StatusCheckFailed');
  const failed = series?.points.findLast(([, value]) => value !== null && value > 0);
  if (series === undefined || failed === undefined) return [];
  const isDown = latest(series)! > 0;
  return [
    verdict(
      isDown ? 'warning' : 'info',
      isDown
        ? `${name}: a node fails its status checks`
        : `${name}: a node failed its status checks, last at ${moment(failed[0])}`,
      isDown
        ? 'aws ec2 describe-instance-status --filters Name=instance-status.status,Values=impaired'
        : null,
    ),
  ];
}

function busy({ name }: NodeGroup, { ofNodes }: Readings): Verdict[] {
  const [average, most] = cpuOf(name, ofNodes);
  const usual = average && mean(average);
  if (average === undefined || usual === undefined) return [];
  const now = latest(average)!;
  if (now >= BUSY || usual >= BUSY)
    return [
      verdict(
        'warning',
        `${name}: the CPUs are busy: now ${percent(now)}, mean ${percent(usual)}`,
        'add nodes, or larger ones; node-cpu of lbctl alarms tells of it',
      ),
    ];
  if (!isAlone(average, most)) return [];
  return [
    verdict(
      'warning',
      `${name}: one node does most of the work: ${percent(latest(most!)!)}, the mean is ${percent(now)}`,
      'see which: clients that keep long connections stay where they are; aws ec2 describe-instances and CPUUtilization by InstanceId tell',
    ),
  ];
}

/** Whether the busiest node has been far above the mean up to the end: one point alone may be a job of a minute. */
function isAlone(average: Series, most: Series | undefined): boolean {
  const last = (series: Series | undefined): number[] =>
    (series?.points ?? []).flatMap(([, value]) => (value === null ? [] : [value])).slice(-ALONE.points);
  const [means, tops] = [last(average), last(most)];
  return (
    tops.length === ALONE.points &&
    tops.every((top, index) => top >= BUSY && top >= means[index]! * ALONE.times)
  );
}

function calm({ name, inService }: NodeGroup, { ofNodes }: Readings): Verdict[] {
  const [average, most] = cpuOf(name, ofNodes);
  const usual = average && mean(average);
  const top = most && highest(most);
  if (usual === undefined || top === undefined)
    return [verdict('info', `${name}: ${some(inService, 'node')}; EC2 has no samples of this time`, null)];
  return [
    verdict(
      'ok',
      `${name}: ${some(inService, 'node')}, CPU mean ${percent(usual)}, most ${percent(top[1]!)}`,
      null,
    ),
  ];
}

function cpuOf(name: string, ofNodes: Readings['ofNodes']): (Series | undefined)[] {
  return [ofNodes(name, 'CPUUtilization', 'Average'), ofNodes(name, 'CPUUtilization', 'Maximum')];
}
