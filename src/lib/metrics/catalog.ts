/** What CloudWatch computes from the samples of a period. */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'Sum';

/**
 * What a series is about: a balancer, its part in one zone, a target group, a group behind one balancer, or that in one
 * zone. CloudWatch knows a metric by these very dimensions; any other combination answers with nothing.
 */
export type Scope = 'balancer' | 'zone' | 'group' | 'balancer-group' | 'zone-group';

/** What else a series may be about: a group of nodes behind a balancer, or an instance of Lightsail. */
export type OtherScope = 'nodes' | 'instance';

/** One metric of anything. */
export interface Metric {
  readonly name: string;
  /** The statistics that say something, the one that is shown first. */
  readonly statistics: readonly Statistic[];
  readonly unit: 'Count' | 'Bytes' | 'Bytes/Second' | 'Count/Second' | 'LCU' | 'Percent';
  /**
   * What a missing sample means: nothing flowed at all (`always`), there was none of it (`nonzero`), or there was nothing
   * registered to be counted (`targets`).
   */
  readonly reported: 'always' | 'nonzero' | 'targets';
  /** Of CloudWatch; that of Network Load Balancers when left out. */
  readonly namespace?: string;
  /** Seconds between two samples, where that may be more than a minute. */
  readonly sampled?: number;
}

/** One metric of Network Load Balancers. */
export interface FlowMetric extends Metric {
  readonly scopes: readonly Scope[];
}

/** The namespace of the flow metrics. */
export const NAMESPACE = 'AWS/NetworkELB';

const LOAD: readonly Scope[] = ['balancer', 'zone'];
const FLOW: readonly Scope[] = ['balancer', 'zone', 'group'];
const GAUGE: readonly Statistic[] = ['Average', 'Maximum', 'Minimum'];
const SUM: readonly Statistic[] = ['Sum'];

const active = (name: string, reported: FlowMetric['reported']): FlowMetric => ({
  name,
  statistics: GAUGE,
  unit: 'Count',
  reported,
  scopes: FLOW,
});
const sum = (
  name: string,
  reported: FlowMetric['reported'],
  scopes: readonly Scope[] = LOAD,
  unit: FlowMetric['unit'] = 'Count',
): FlowMetric => ({ name, statistics: SUM, unit, reported, scopes });
const peak = (name: string, unit: FlowMetric['unit']): FlowMetric => ({
  name,
  statistics: ['Maximum'],
  unit,
  reported: 'always',
  scopes: LOAD,
});
const capacity = (name: string, reported: FlowMetric['reported']): FlowMetric => ({
  name,
  statistics: ['Average', 'Maximum', 'Sum'],
  unit: 'LCU',
  reported,
  scopes: ['balancer'],
});
const hosts = (name: string, first: Statistic, second: Statistic): FlowMetric => ({
  name,
  statistics: [first, second],
  unit: 'Count',
  reported: 'targets',
  scopes: ['balancer-group', 'zone-group'],
});

/**
 * All flow metrics, with statistics, dimensions and when they are reported as AWS documents them ("CloudWatch metrics for
 * your Network Load Balancer"). Samples come once a minute.
 */
export const FLOW_METRICS: readonly FlowMetric[] = [
  sum('NewFlowCount', 'always', FLOW),
  sum('NewFlowCount_TCP', 'nonzero', FLOW),
  sum('NewFlowCount_TLS', 'nonzero', FLOW),
  sum('NewFlowCount_UDP', 'nonzero', FLOW),
  sum('NewFlowCount_QUIC', 'nonzero'),
  active('ActiveFlowCount', 'always'),
  active('ActiveFlowCount_TCP', 'nonzero'),
  active('ActiveFlowCount_TLS', 'nonzero'),
  active('ActiveFlowCount_UDP', 'nonzero'),
  sum('ProcessedBytes', 'always', LOAD, 'Bytes'),
  sum('ProcessedBytes_TCP', 'nonzero', LOAD, 'Bytes'),
  sum('ProcessedBytes_TLS', 'nonzero', LOAD, 'Bytes'),
  sum('ProcessedBytes_UDP', 'nonzero', LOAD, 'Bytes'),
  sum('ProcessedBytes_QUIC', 'nonzero', LOAD, 'Bytes'),
  sum('ProcessedPackets', 'always'),
  peak('PeakBytesPerSecond', 'Bytes/Second'),
  peak('PeakPacketsPerSecond', 'Count/Second'),
  capacity('ConsumedLCUs', 'always'),
  capacity('ConsumedLCUs_TCP', 'nonzero'),
  capacity('ConsumedLCUs_TLS', 'nonzero'),
  capacity('ConsumedLCUs_UDP', 'nonzero'),
  capacity('ReservedLCUs', 'nonzero'),
  sum('TCP_Client_Reset_Count', 'always'),
  sum('TCP_Target_Reset_Count', 'always'),
  sum('TCP_ELB_Reset_Count', 'always'),
  {
    name: 'RejectedFlowCount',
    statistics: ['Maximum', 'Average', 'Minimum'],
    unit: 'Count',
    reported: 'always',
    scopes: LOAD,
  },
  ...['Inbound', 'Outbound'].flatMap((way) =>
    ['TCP', 'UDP', 'ICMP'].map((protocol) =>
      sum(`SecurityGroupBlockedFlowCount_${way}_${protocol}`, 'nonzero'),
    ),
  ),
  sum('PortAllocationErrorCount', 'always'),
  sum('ClientTLSNegotiationErrorCount', 'nonzero', ['balancer']),
  sum('TargetTLSNegotiationErrorCount', 'nonzero', ['balancer']),
  sum('UnhealthyRoutingFlowCount', 'nonzero', ['balancer']),
  hosts('HealthyHostCount', 'Minimum', 'Maximum'),
  hosts('UnHealthyHostCount', 'Maximum', 'Minimum'),
  {
    name: 'ZonalHealthStatus',
    statistics: ['Minimum', 'Maximum'],
    unit: 'Count',
    reported: 'targets',
    scopes: LOAD,
  },
];

/** Seconds between two samples of EC2, without detailed monitoring ("Basic monitoring and detailed monitoring"). */
const BASIC = 300;

const ofNodes = (name: string, unit: Metric['unit'], ...statistics: Statistic[]): Metric => ({
  name,
  statistics,
  unit,
  reported: 'always',
  namespace: 'AWS/EC2',
  sampled: BASIC,
});

/**
 * What is read of a group of nodes: what its instances tell together, as EC2 gives it by AutoScalingGroupName ("List the
 * available CloudWatch metrics for your instances"), and how many serve, which Auto Scaling tells only where the metrics of
 * the group are switched on ("Auto Scaling group metrics").
 */
export const NODE_METRICS: readonly Metric[] = [
  ofNodes('CPUUtilization', 'Percent', 'Average', 'Maximum'),
  ofNodes('NetworkIn', 'Bytes', 'Sum'),
  ofNodes('NetworkOut', 'Bytes', 'Sum'),
  ofNodes('StatusCheckFailed', 'Count', 'Maximum'),
  {
    name: 'GroupInServiceInstances',
    statistics: ['Minimum'],
    unit: 'Count',
    reported: 'targets',
    namespace: 'AWS/AutoScaling',
  },
];
