import { describe, expect, test } from 'vitest';
import { verdictsOn } from '../../../src/lib/metrics/verdicts/judge.ts';
import { readings, SHOP } from './readings.ts';

const told = (...given: Parameters<typeof readings>): string[] =>
  verdictsOn(readings(...given)).map(
    ({ level, party, subject, message }) => `${level} ${party ?? '-'} ${subject}: ${message}`,
  );

const zero = (): number => 0;
const none = (): undefined => undefined;

describe('what is said of a balancer', () => {
  test('that is calm', () => {
    expect(told()).toEqual([
      'ok - targets: web: all 2 healthy',
      'ok - resets: few: targets 0, the balancer 0, clients 30',
      'ok - zones: even: us-east-1a 50 %, us-east-1b 50 %',
    ]);
  });

  test.each<[string, Parameters<typeof readings>[0], string]>([
    [
      'without a healthy target',
      { HealthyHostCount: zero, UnHealthyHostCount: () => 2 },
      'critical target targets: web: none of 2 targets is healthy; the NLB sends to all of them (it fails open)',
    ],
    [
      'with an unhealthy one in a zone',
      {
        UnHealthyHostCount: (_, { dimensions }) => (dimensions['AvailabilityZone'] === 'us-east-1a' ? 0 : 1),
      },
      'warning target targets: web: 1 of 3 targets unhealthy (us-east-1b 1)',
    ],
    [
      'with an empty zone',
      { HealthyHostCount: (_, { dimensions }) => (dimensions['AvailabilityZone'] === 'us-east-1a' ? 0 : 2) },
      'warning target targets: web: no healthy target in us-east-1a, which serves its own clients unless cross-zone is on',
    ],
    [
      'that has recovered',
      { UnHealthyHostCount: (minute) => (minute === 30 ? 1 : 0) },
      'info target targets: web: all 2 healthy now; up to 1 were not, at 06-30 11:30 UTC',
    ],
    [
      'with nothing registered',
      { HealthyHostCount: none, UnHealthyHostCount: none },
      'info target targets: web: nothing is registered, or its health was not told in this time',
    ],
    [
      'whose targets reset',
      { TCP_Target_Reset_Count: () => 5 },
      'warning target resets: 300 by targets (4.1 % of new flows): the servers drop connections that clients still use',
    ],
    [
      'that resets itself',
      { TCP_ELB_Reset_Count: () => 5 },
      'warning balancer resets: 300 by the balancer (4.1 % of new flows): connections were idle for longer than it keeps them (350 s unless set), or their target went away',
    ],
    [
      'whose clients reset much',
      { TCP_Client_Reset_Count: () => 10 },
      'info client resets: 600 by clients (8.2 % of new flows): they give up waiting, or end connections the hard way, as many do',
    ],
    [
      'that rejects',
      { RejectedFlowCount: (minute) => (minute === 15 ? 4 : 0) },
      'critical balancer rejected: the balancer rejected up to 4 flows a minute, at 06-30 11:15 UTC',
    ],
    [
      'without ports in a zone',
      {
        PortAllocationErrorCount: (minute, { dimensions }) =>
          minute === 3 && dimensions['AvailabilityZone'] !== 'us-east-1a' ? 7 : 0,
      },
      'critical balancer ports: 7 connections failed for want of a source port in us-east-1b: a target takes about 55,000 at a time from one balancer address',
    ],
    [
      'whose security group refuses what comes in',
      { SecurityGroupBlockedFlowCount_Inbound_TCP: (minute) => (minute < 2 ? 3 : undefined) },
      'info client blocked: security group refused 6 TCP flows that came in',
    ],
    [
      'whose security group refuses what goes to targets',
      { SecurityGroupBlockedFlowCount_Outbound_TCP: (minute) => (minute < 2 ? 3 : undefined) },
      'warning configuration blocked: security group refused 6 TCP flows to targets',
    ],
    [
      'whose clients fail at TLS',
      { ClientTLSNegotiationErrorCount: (minute) => (minute === 1 ? 1 : undefined) },
      'info client tls: 1 TLS handshake with clients failed: old clients, or scans',
    ],
    [
      'whose targets fail at TLS',
      { TargetTLSNegotiationErrorCount: (minute) => (minute === 1 ? 2 : undefined) },
      'warning target tls: 2 TLS handshakes with targets failed',
    ],
    [
      'that fails open',
      { UnhealthyRoutingFlowCount: (minute) => (minute === 1 ? 2 : undefined) },
      'critical target zones: 2 flows went to unhealthy targets, as there were no others (fail-open)',
    ],
    [
      'with a zone out of DNS',
      {
        ZonalHealthStatus: (minute, { dimensions }) =>
          minute > 30 && dimensions['AvailabilityZone'] === 'us-east-1b' ? 0 : 1,
      },
      'critical target zones: us-east-1b is unhealthy and taken out of DNS',
    ],
    [
      'with uneven zones',
      {
        NewFlowCount: (_, { dimensions }) =>
          ({ 'us-east-1a': 90, 'us-east-1b': 10 })[dimensions['AvailabilityZone'] ?? ''] ?? 100,
      },
      'info client zones: uneven: us-east-1a 90 %, us-east-1b 10 % of new flows',
    ],
    ['without traffic', { NewFlowCount: none }, 'info - traffic: no new flow in this time'],
  ])('%s', (_, values, expected) => {
    expect(told(values)).toContain(expected);
    expect(told()).not.toContain(expected);
  });

  test('without a target group', () => {
    expect(told({}, { ...SHOP, groups: [] })[0]).toBe(
      'critical configuration targets: no target group: nothing takes what comes in',
    );
  });

  test('that is not active yet', () => {
    expect(told({}, { ...SHOP, state: 'provisioning' })[0]).toBe(
      'warning balancer state: the balancer is provisioning',
    );
  });

  test('of which not all points came', () => {
    const some = readings();
    const { series } = some;
    const cut = { ...some, series: [{ ...series[0]!, complete: false }, ...series.slice(1)] };
    expect(verdictsOn(cut).map(({ subject }) => subject)).toContain('data');
  });

  test('comes with the worst first', () => {
    const levels = verdictsOn(readings({ RejectedFlowCount: () => 1, TCP_Target_Reset_Count: () => 9 })).map(
      ({ level }) => level,
    );
    expect(levels.slice(0, 2)).toEqual(['critical', 'warning']);
    expect(levels.at(-1)).toBe('ok');
  });
});
