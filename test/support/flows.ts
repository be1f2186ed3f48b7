import { groupArn, balancerArn, type FakeBalancer } from '../fake-aws/elastic-load-balancing/service.ts';
import type { Sample } from '../fake-aws/cloudwatch/service.ts';
import { dimensionOf } from '../../src/lib/metrics/balancer.ts';
import { FLOW_METRICS, type Scope } from '../../src/lib/metrics/catalog.ts';

/** A value for a minute of a metric; undefined where it tells nothing. */
type Values = Readonly<Record<string, (minute: number) => number | undefined>>;

const MINUTE = 60_000;

/** A quiet hour of traffic: a hundred flows a minute, healthy targets, next to no resets. */
export const CALM: Values = {
  NewFlowCount: (minute) => 100 + (minute % 10) * 5,
  NewFlowCount_TCP: (minute) => 100 + (minute % 10) * 5,
  ActiveFlowCount: (minute) => 300 + (minute % 7) * 10,
  ActiveFlowCount_TCP: (minute) => 300 + (minute % 7) * 10,
  ProcessedBytes: () => 12_000_000,
  ProcessedBytes_TCP: () => 12_000_000,
  ProcessedPackets: () => 9000,
  PeakBytesPerSecond: () => 400_000,
  PeakPacketsPerSecond: () => 300,
  ConsumedLCUs: () => 0.21,
  ConsumedLCUs_TCP: () => 0.21,
  TCP_Client_Reset_Count: (minute) => minute % 2,
  TCP_Target_Reset_Count: () => 0,
  TCP_ELB_Reset_Count: () => 0,
  RejectedFlowCount: () => 0,
  PortAllocationErrorCount: () => 0,
  HealthyHostCount: () => 2,
  UnHealthyHostCount: () => 0,
  ZonalHealthStatus: () => 1,
};

/** What metrics of a balancer say in the last minutes before a time, with their documented dimensions. */
export function samplesOf(balancer: FakeBalancer, values: Values, minutes: number, now: Date): Sample[] {
  const last = Math.floor(now.getTime() / MINUTE) * MINUTE;
  const parts = partsOf(balancer);
  return FLOW_METRICS.flatMap(({ name, scopes }) => {
    const value = values[name];
    if (value === undefined) return [];
    return scopes.flatMap((scope) =>
      parts[scope].flatMap((dimensions) =>
        Array.from({ length: minutes }, (_, index) => index + 1).flatMap((ago): Sample[] => {
          const found = value(minutes - ago);
          return found === undefined
            ? []
            : [{ metric: name, dimensions, time: last - ago * MINUTE, value: found }];
        }),
      ),
    );
  });
}

function partsOf(
  balancer: FakeBalancer,
): Readonly<Record<Scope, readonly Readonly<Record<string, string>>[]>> {
  const whole = { LoadBalancer: dimensionOf(balancerArn(balancer)) };
  const zones = balancer.zones.map((zone) => ({ ...whole, AvailabilityZone: zone }));
  const groups = balancer.groups.map((group) => ({
    TargetGroup: dimensionOf(groupArn(balancer.region, group)),
  }));
  return {
    balancer: [whole],
    zone: zones,
    group: groups,
    'balancer-group': groups.map((group) => ({ ...whole, ...group })),
    'zone-group': groups.flatMap((group) => zones.map((zone) => ({ ...zone, ...group }))),
  };
}
