import { dimensionOf, type NetworkBalancer } from '../balancer.ts';
import { NAMESPACE } from '../catalog.ts';
import { type Alarm, type CompositeAlarm, type MetricAlarm, prefixOf, type Severity } from './alarm.ts';

/** What `alarms` of lb.yaml says, with its defaults. */
export interface AlarmSettings {
  /** Topics of SNS. */
  readonly notify: readonly string[];
  /** Fewer healthy targets than this in a target group are too few. */
  readonly healthy: number;
  /** Resets by targets in five minutes. */
  readonly target_resets: number;
  /** Capacity units that are paid for. */
  readonly lcus?: number | undefined;
  /** ARNs of certificates of ACM. */
  readonly certificates: readonly string[];
  readonly autoscaling_group?: string | undefined;
  /** Percent that the nodes of the group may be busy. */
  readonly cpu: number;
  /** ARN of a scaling policy that high CPU sets off. */
  readonly scale?: string | undefined;
  /** Instances that EC2 recovers and reboots. */
  readonly instances: readonly string[];
}

/** What alarms watch, in the words of CloudWatch or in those of a template that puts them in. */
export interface Watched {
  readonly region: string;
  /** Of the dimension LoadBalancer: `net/NAME/ID`. */
  readonly loadBalancer: string;
  readonly groups: readonly WatchedGroup[];
}

interface WatchedGroup {
  readonly name: string;
  /** Of the dimension TargetGroup: `targetgroup/NAME/ID`. */
  readonly dimension: string;
}

/** A balancer that is there. */
export function watchedIn({ arn, region, groups }: NetworkBalancer): Watched {
  return {
    region,
    loadBalancer: dimensionOf(arn),
    groups: groups.map((group) => ({ name: group.name, dimension: dimensionOf(group.arn) })),
  };
}

const MINUTE = 60;

/** The alarms of a balancer: those of single metrics first, then the ones that tell people. */
export function wantedAlarms(name: string, balancer: Watched, settings: AlarmSettings): Alarm[] {
  const metrics = [
    ...balancer.groups.flatMap((group) => ofGroup(balancer, group, settings)),
    ...ofBalancer(balancer, settings),
    ...ofCertificates(settings),
    ...ofNodes(balancer, settings),
  ].map((alarm): MetricAlarm => ({ ...alarm, kind: 'metric', name: `${prefixOf(name)}${alarm.name}` }));
  return [...metrics, ...composites(name, metrics, settings)];
}

type Draft = Omit<MetricAlarm, 'kind'>;

/** One minute, nothing lacking, nothing done by AWS itself: what most are like. */
const USUAL = {
  namespace: NAMESPACE,
  period: MINUTE,
  comparison: 'GreaterThanOrEqualToThreshold',
  missing: 'notBreaching',
  actions: [],
} as const;

function ofGroup({ loadBalancer }: Watched, group: WatchedGroup, { healthy }: AlarmSettings): Draft[] {
  const dimensions = { LoadBalancer: loadBalancer, TargetGroup: group.dimension };
  return [
    {
      ...USUAL,
      name: `no-healthy-host/${group.name}`,
      severity: 'critical',
      description:
        healthy === 1
          ? `No target of ${group.name} is healthy: the load balancer sends to all of them (it fails open).`
          : `Fewer than ${healthy} targets of ${group.name} are healthy.`,
      metric: 'HealthyHostCount',
      dimensions,
      // zones that are told of one by one do not hide the one that has more
      statistic: 'Maximum',
      periods: [2, 2],
      comparison: 'LessThanThreshold',
      threshold: healthy,
      // with nothing registered there is no sample
      missing: 'breaching',
    },
    {
      ...USUAL,
      name: `unhealthy-hosts/${group.name}`,
      severity: 'warning',
      description: `Targets of ${group.name} are unhealthy.`,
      metric: 'UnHealthyHostCount',
      dimensions,
      statistic: 'Minimum',
      periods: [3, 3],
      threshold: 1,
    },
  ];
}

function ofBalancer({ loadBalancer }: Watched, { target_resets: resets, lcus }: AlarmSettings): Draft[] {
  const usual = { ...USUAL, dimensions: { LoadBalancer: loadBalancer } };
  return [
    {
      ...usual,
      name: 'rejected-flows',
      severity: 'critical',
      description: 'The load balancer rejects flows: its capacity is reached.',
      metric: 'RejectedFlowCount',
      statistic: 'Maximum',
      periods: [2, 3],
      threshold: 1,
    },
    {
      ...usual,
      name: 'port-allocation-errors',
      severity: 'critical',
      description: 'Connections to targets fail for want of a source port: add targets.',
      metric: 'PortAllocationErrorCount',
      statistic: 'Sum',
      periods: [1, 1],
      threshold: 1,
    },
    {
      ...usual,
      name: 'target-resets',
      severity: 'warning',
      description: `Targets reset at least ${resets} connections in 5 minutes, again and again.`,
      metric: 'TCP_Target_Reset_Count',
      statistic: 'Sum',
      period: 5 * MINUTE,
      periods: [2, 3],
      threshold: resets,
    },
    ...(lcus === undefined
      ? []
      : [
          {
            ...usual,
            name: 'capacity-units',
            severity: 'warning',
            description: `The load balancer takes more than the ${lcus} capacity units that are planned for.`,
            metric: 'ConsumedLCUs',
            statistic: 'Average',
            period: 5 * MINUTE,
            periods: [3, 3],
            comparison: 'GreaterThanThreshold',
            threshold: lcus,
          } as const,
        ]),
  ];
}

/** Days before the end; ACM itself renews 60 days before, so that something is wrong by then. */
const DAYS = 21;

function ofCertificates({ certificates }: AlarmSettings): Draft[] {
  return certificates.map((arn) => ({
    ...USUAL,
    name: `certificate/${arn.split('/').at(-1)!}`,
    severity: 'warning',
    description: `A certificate of the load balancer ends in fewer than ${DAYS} days, and has not been renewed.`,
    namespace: 'AWS/CertificateManager',
    metric: 'DaysToExpiry',
    dimensions: { CertificateArn: arn },
    statistic: 'Minimum',
    // it is told once a day
    period: 86_400,
    periods: [1, 1],
    comparison: 'LessThanThreshold',
    threshold: DAYS,
  }));
}

function ofNodes({ region }: Watched, settings: AlarmSettings): Draft[] {
  const { autoscaling_group: group, cpu, scale, instances } = settings;
  const ofGroup: Draft[] =
    group === undefined
      ? []
      : [
          {
            ...USUAL,
            name: `node-cpu/${group}`,
            severity: 'warning',
            description: `The nodes of ${group} are busier than ${cpu} %.`,
            namespace: 'AWS/EC2',
            metric: 'CPUUtilization',
            dimensions: { AutoScalingGroupName: group },
            statistic: 'Average',
            period: 5 * MINUTE,
            periods: [3, 3],
            comparison: 'GreaterThanThreshold',
            threshold: cpu,
            missing: 'missing',
            actions: scale === undefined ? [] : [scale],
          },
        ];
  const check = (
    id: string,
    word: 'recover' | 'reboot',
    metric: string,
    what: string,
    periods: [number, number],
  ): Draft => ({
    ...USUAL,
    name: `${word}/${id}`,
    severity: 'warning',
    description: `${what} of ${id} fails; EC2 does a ${word}.`,
    namespace: 'AWS/EC2',
    metric,
    dimensions: { InstanceId: id },
    statistic: 'Maximum',
    periods,
    threshold: 1,
    missing: 'missing',
    actions: [`arn:aws:automate:${region}:ec2:${word}`],
  });
  return [
    ...ofGroup,
    ...instances.flatMap((id) => [
      check(id, 'recover', 'StatusCheckFailed_System', 'The machine below', [2, 2]),
      // after the recovery, so that the two do not come at once
      check(id, 'reboot', 'StatusCheckFailed_Instance', 'The system', [3, 3]),
    ]),
  ];
}

const SAYS: Readonly<Record<Severity, string>> = {
  critical: 'something takes traffic down',
  warning: 'something needs a look',
};

/** One that tells people for each severity, so that ten alarms at once are one message. */
function composites(
  name: string,
  alarms: readonly MetricAlarm[],
  { notify }: AlarmSettings,
): CompositeAlarm[] {
  return (['critical', 'warning'] as const).flatMap((severity) => {
    const of = alarms.filter((alarm) => alarm.severity === severity).map((alarm) => alarm.name);
    if (of.length === 0) return [];
    return [
      {
        kind: 'composite',
        name: `${prefixOf(name)}${severity}`,
        severity,
        description: `${name}: ${SAYS[severity]}. Its alarms say what: lbctl alarms list`,
        of,
        actions: notify,
      },
    ];
  });
}
