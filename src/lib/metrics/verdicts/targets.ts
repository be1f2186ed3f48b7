import type { TargetGroup } from '../balancer.ts';
import { highest, latest } from '../points.ts';
import type { Readings } from '../readings.ts';
import { moment, some, type Judge, type Verdict } from './verdict.ts';

/** Health of the targets of each group, now and before. */
export const targets: Judge = (readings) => {
  const { groups } = readings.balancer;
  if (groups.length === 0)
    return [
      {
        subject: 'targets',
        level: 'critical',
        party: 'configuration',
        message: 'no target group: nothing takes what comes in',
        hint: 'give a listener one: aws elbv2 modify-listener --default-actions Type=forward,TargetGroupArn=…',
      },
    ];
  return groups.map((group) => verdictOn(group, readings));
};

function verdictOn(group: TargetGroup, readings: Readings): Verdict {
  const healthy = readings.find('HealthyHostCount', { group });
  const unhealthy = readings.find('UnHealthyHostCount', { group });
  const up = healthy && latest(healthy);
  const down = unhealthy && latest(unhealthy);
  const about = { subject: 'targets', party: 'target' } as const;
  if (up === undefined && down === undefined)
    return {
      ...about,
      level: 'info',
      message: `${group.name}: nothing is registered, or its health was not told in this time`,
      hint: `aws elbv2 describe-target-health --target-group-arn ${group.arn}`,
    };
  if ((up ?? 0) === 0)
    return {
      ...about,
      level: 'critical',
      message: `${group.name}: none of ${some(down ?? 0, 'target')} is healthy; the NLB sends to all of them (it fails open)`,
      hint: `see why: aws elbv2 describe-target-health --target-group-arn ${group.arn}`,
    };
  if ((down ?? 0) > 0)
    return {
      ...about,
      level: 'warning',
      message: `${group.name}: ${down} of ${some((up ?? 0) + (down ?? 0), 'target')} unhealthy${inZones(group, readings)}`,
      hint: `see why: aws elbv2 describe-target-health --target-group-arn ${group.arn}`,
    };
  const empty = emptyZones(group, readings);
  if (empty.length > 0)
    return {
      ...about,
      level: 'warning',
      message: `${group.name}: no healthy target in ${empty.join(', ')}, which serves its own clients unless cross-zone is on`,
      hint: 'have a target in each zone, or switch on load_balancing.cross_zone.enabled',
    };
  const worst = unhealthy && highest(unhealthy);
  if (worst && worst[1]! > 0)
    return {
      ...about,
      level: 'info',
      message: `${group.name}: all ${up} healthy now; up to ${worst[1]} were not, at ${moment(worst[0])}`,
      hint: null,
    };
  return { ...about, level: 'ok', party: null, message: `${group.name}: all ${up} healthy`, hint: null };
}

function inZones(group: TargetGroup, { balancer, find }: Readings): string {
  const zones = balancer.zones.flatMap((zone) => {
    const series = find('UnHealthyHostCount', { zone, group });
    const down = series && latest(series);
    return down ? [`${zone} ${down}`] : [];
  });
  return zones.length === 0 ? '' : ` (${zones.join(', ')})`;
}

/** Zones of the balancer that tell of the group, and of no healthy target in it. */
function emptyZones(group: TargetGroup, { balancer, find }: Readings): string[] {
  return balancer.zones.filter((zone) => {
    const series = find('HealthyHostCount', { zone, group });
    return series !== undefined && latest(series) === 0;
  });
}
