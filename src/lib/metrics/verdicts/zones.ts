import { latest, total as sum } from '../points.ts';
import { count, type Judge, share } from './verdict.ts';

/** Below so many flows a zone, their shares say nothing. */
const ENOUGH = 100;
/** A zone that has so much more or less than an even share is told of. */
const UNEVEN = { more: 1.5, less: 0.5 };

/** Zones that are out of service, that are given flows in spite of their health, or that have more than their share. */
export const zones: Judge = ({ balancer, find, total }) => {
  const out = balancer.zones.filter((zone) => {
    const series = find('ZonalHealthStatus', { zone });
    return series !== undefined && latest(series) === 0;
  });
  const open = total('UnhealthyRoutingFlowCount');
  return [
    ...(out.length === 0
      ? []
      : [
          {
            subject: 'zones',
            level: 'critical',
            party: 'target',
            message: `${out.join(', ')} ${out.length === 1 ? 'is' : 'are'} unhealthy and taken out of DNS`,
            hint: 'bring enough healthy targets back there: target_group_health.dns_failover says how many',
          } as const,
        ]),
    ...(open === 0
      ? []
      : [
          {
            subject: 'zones',
            level: 'critical',
            party: 'target',
            message: `${count(open)} flows went to unhealthy targets, as there were no others (fail-open)`,
            hint: 'bring healthy targets back: aws elbv2 describe-target-health tells why they are not',
          } as const,
        ]),
    ...balance(balancer.zones, (zone) => {
      const series = find('NewFlowCount', { zone });
      return series === undefined ? 0 : sum(series);
    }),
  ];
};

function balance(names: readonly string[], flowsIn: (zone: string) => number): ReturnType<Judge> {
  const parts = names.map((zone) => ({ zone, flows: flowsIn(zone) }));
  const all = parts.reduce((total, { flows }) => total + flows, 0);
  const even = all / parts.length;
  if (parts.length < 2 || even < ENOUGH) return [];
  const isUneven = parts.some(({ flows }) => flows > even * UNEVEN.more || flows < even * UNEVEN.less);
  const told = parts.map(({ zone, flows }) => `${zone} ${share(flows, all)}`).join(', ');
  if (!isUneven)
    return [{ subject: 'zones', level: 'ok', party: null, message: `even: ${told}`, hint: null }];
  return [
    {
      subject: 'zones',
      level: 'info',
      party: 'client',
      message: `uneven: ${told} of new flows`,
      hint: 'clients keep to the address they once looked up; without cross-zone, give zones targets as they have flows',
    },
  ];
}
