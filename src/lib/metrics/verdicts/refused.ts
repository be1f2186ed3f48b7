import { highest } from '../points.ts';
import { count, type Judge, moment, some, type Verdict } from './verdict.ts';

/** Flows that never came to a target, and why. */
export const refused: Judge = (readings) => [
  ...rejected(readings),
  ...ports(readings),
  ...blocked(readings),
  ...handshakes(readings),
];

const rejected: Judge = ({ find }) => {
  const series = find('RejectedFlowCount');
  const worst = series && highest(series);
  if (!worst || worst[1] === 0) return [];
  return [
    {
      subject: 'rejected',
      level: 'critical',
      party: 'balancer',
      message: `the balancer rejected up to ${some(worst[1]!, 'flow')} a minute, at ${moment(worst[0])}`,
      hint: 'its capacity or connection limits are reached: reserve LCUs, or spread clients over more balancers',
    },
  ];
};

const ports: Judge = ({ total, balancer, find }) => {
  const number = total('PortAllocationErrorCount');
  if (number === 0) return [];
  const zones = balancer.zones.filter((zone) => {
    const series = find('PortAllocationErrorCount', { zone });
    return series !== undefined && (highest(series)?.[1] ?? 0) > 0;
  });
  return [
    {
      subject: 'ports',
      level: 'critical',
      party: 'balancer',
      message: `${some(number, 'connection')} failed for want of a source port${zones.length === 0 ? '' : ` in ${zones.join(', ')}`}: a target takes about 55,000 at a time from one balancer address`,
      hint: 'add targets, or have connections to them end sooner',
    },
  ];
};

const blocked: Judge = ({ total }) =>
  (['Inbound', 'Outbound'] as const).flatMap((way): Verdict[] => {
    const parts = ['TCP', 'UDP', 'ICMP'].flatMap((protocol) => {
      const number = total(`SecurityGroupBlockedFlowCount_${way}_${protocol}`);
      return number === 0 ? [] : [`${count(number)} ${protocol}`];
    });
    if (parts.length === 0) return [];
    const isIn = way === 'Inbound';
    return [
      {
        subject: 'blocked',
        level: isIn ? 'info' : 'warning',
        party: isIn ? 'client' : 'configuration',
        message: `security group refused ${parts.join(', ')} ${isIn ? 'flows that came in' : 'flows to targets'}`,
        hint: isIn
          ? 'scans are normal; if real clients are among them, open the port in the inbound rules'
          : 'let the outbound rules of the balancer reach the targets and their health checks',
      },
    ];
  });

const handshakes: Judge = ({ total }) => {
  const client = total('ClientTLSNegotiationErrorCount');
  const target = total('TargetTLSNegotiationErrorCount');
  return [
    ...(target === 0
      ? []
      : [
          {
            subject: 'tls',
            level: 'warning',
            party: 'target',
            message: `${some(target, 'TLS handshake')} with targets failed`,
            hint: 'compare protocols and ciphers of the servers with the security policy of the target group',
          } as const,
        ]),
    ...(client === 0
      ? []
      : [
          {
            subject: 'tls',
            level: 'info',
            party: 'client',
            message: `${some(client, 'TLS handshake')} with clients failed: old clients, or scans`,
            hint: 'if many, see whether the security policy of the listener fits them',
          } as const,
        ]),
  ];
};
