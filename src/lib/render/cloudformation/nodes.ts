import { architectureOf } from '../../balancer/ec2.ts';
import type { Ec2 } from '../../balancer/schema/ec2.ts';
import { LAUNCH_HOOK } from '../bootstrap/user-data.ts';
import type { Entrance } from './load-balancer.ts';
import type { Ground } from './network.ts';
import { attribute, ref, type Resource, resource, sub, type Value } from './resource.ts';
import type { Role } from './role.ts';

/** Parameters in which the makers of a system tell its newest image, and the disk that it starts from. */
const IMAGES: Readonly<
  Record<Ec2['image'], { readonly parameter: Record<'arm64' | 'x86_64', string>; readonly disk: string }>
> = {
  amazon_linux_2023: {
    parameter: {
      arm64: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
      x86_64: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
    },
    disk: '/dev/xvda',
  },
  debian_12: debian('12'),
  debian_13: debian('13'),
  ubuntu_24_04: {
    parameter: {
      arm64: '/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id',
      x86_64: '/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id',
    },
    disk: '/dev/sda1',
  },
};

function debian(release: string) {
  const parameter = (architecture: string) => `/aws/service/debian/release/${release}/latest/${architecture}`;
  return { parameter: { arm64: parameter('arm64'), x86_64: parameter('amd64') }, disk: '/dev/xvda' };
}

/** Seconds without a word from a node that starts, after which Auto Scaling gives it up; it tells every 20. */
const HEARTBEAT = 300;
/** Percent of the nodes that are there at least and at most while all are replaced: the new one comes first. */
const REPLACING = { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 } as const;
/** Seconds that replaced nodes must stay healthy before the update has succeeded. */
const BAKE = 60;

/**
 * What becomes of nodes that somebody has taken aside, for which an update would wait an hour and fail ("Wait", the
 * default): those on standby stay as they are, and protection from scaling in is none from being replaced.
 */
const SET_ASIDE = { StandbyInstances: 'Ignore', ScaleInProtectedInstances: 'Refresh' } as const;

/** Logical ID of the Auto Scaling group. */
export const NODES = 'Nodes';

interface NodeSettings {
  readonly name: string;
  readonly ec2: Ec2;
  readonly ground: Ground;
  readonly entrance: Entrance;
  readonly role: Role;
  /** Script of the first boot, for `Fn::Sub`. */
  readonly userData: string;
}

export function nodesOf(settings: NodeSettings): Resource[] {
  const { name, ec2, ground, entrance, role } = settings;
  const template = launchTemplate(settings);
  const { min, max, desired } = ec2.nodes;
  const group = resource(
    NODES,
    'AWS::AutoScaling::AutoScalingGroup',
    {
      MinSize: String(min),
      MaxSize: String(max),
      // without it, an update leaves what scaling has made of it
      DesiredCapacity: desired === undefined ? undefined : String(desired),
      VPCZoneIdentifier: ground.nodes,
      ...kinds(ec2, template),
      CapacityRebalance: ec2.spot?.capacity_rebalancing === true ? true : undefined,
      TargetGroupARNs: entrance.targets.map(ref),
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: ec2.grace,
      DefaultInstanceWarmup: ec2.warmup,
      InstanceMaintenancePolicy: REPLACING,
      LifecycleHookSpecificationList: [
        {
          LifecycleHookName: LAUNCH_HOOK,
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          HeartbeatTimeout: HEARTBEAT,
          DefaultResult: 'ABANDON',
        },
      ],
      MetricsCollection: [{ Granularity: '1Minute' }],
      Tags: [{ Key: 'Name', Value: name, PropagateAtLaunch: true }],
    },
    {
      comment: `The nodes. The hook ${LAUNCH_HOOK} keeps a new one out of service until it serves the release.`,
      after: [...ground.ways, ...role.resources, ...entrance.resources.filter(isRule)],
      attributes: {
        // cfn-lint 1.51 does not know AutoScalingInstanceRefresh yet, which CloudFormation has since 2026
        Metadata: { 'cfn-lint': { config: { ignore_checks: ['E3016'] } } },
        UpdatePolicy: {
          AutoScalingInstanceRefresh: {
            Strategy: 'Rolling',
            Preferences: { ...REPLACING, BakeTime: BAKE, SkipMatching: true, ...SET_ASIDE },
          },
          AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true },
        },
      },
    },
  );
  return [template, group, ...scaling(ec2, group)];
}

/** Rules without which a node gets no connection: it would be unhealthy. */
function isRule({ type }: Resource): boolean {
  return type === 'AWS::EC2::SecurityGroupIngress' || type === 'AWS::EC2::SecurityGroupEgress';
}

function launchTemplate(settings: NodeSettings): Resource<'AWS::EC2::LaunchTemplate'> {
  const { name, ec2, ground, entrance, role, userData } = settings;
  const image = IMAGES[ec2.image];
  const groups = [attribute(entrance.nodeGroup, 'GroupId')];
  const tags = Object.entries({ Name: name, ...ec2.tags }).map(([Key, value]) => ({
    Key,
    Value: value,
  }));
  return resource(
    'LaunchTemplate',
    'AWS::EC2::LaunchTemplate',
    {
      LaunchTemplateData: {
        ImageId: `{{resolve:ssm:${image.parameter[architectureOf(ec2.instance_types[0]!)]}}}`,
        InstanceType: ec2.instance_types[0]!,
        IamInstanceProfile: { Arn: attribute(role.profile, 'Arn') },
        ...(ground.open
          ? { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: groups }] }
          : { SecurityGroupIds: groups }),
        MetadataOptions: {
          HttpEndpoint: 'enabled',
          HttpTokens: 'required',
          HttpPutResponseHopLimit: 1,
          InstanceMetadataTags: 'enabled',
        },
        BlockDeviceMappings: [
          {
            DeviceName: image.disk,
            Ebs: { VolumeSize: ec2.disk, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
          },
        ],
        TagSpecifications: [{ ResourceType: 'volume', Tags: tags }],
        UserData: { 'Fn::Base64': sub(userData) },
      },
    },
    {
      comment:
        'How a node starts. It has no SSH key and no open port for one: Session Manager leads to it, by the role.',
    },
  );
}

/** One kind of instance, or several, and what part of them are Spot Instances. */
function kinds(
  { instance_types: types, spot }: Ec2,
  template: Resource<'AWS::EC2::LaunchTemplate'>,
): { readonly [key: string]: Value } {
  const specification = {
    LaunchTemplateId: ref(template),
    // a number, and none of $Latest and $Default, with which there is no way back
    Version: attribute(template, 'LatestVersionNumber'),
  };
  if (types.length === 1 && !spot) return { LaunchTemplate: specification };
  return {
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: specification,
        Overrides: types.map((InstanceType) => ({ InstanceType })),
      },
      InstancesDistribution: {
        OnDemandAllocationStrategy: 'prioritized',
        OnDemandBaseCapacity: spot?.on_demand_base ?? 0,
        OnDemandPercentageAboveBaseCapacity: spot?.on_demand_percentage ?? 100,
        SpotAllocationStrategy: spot?.strategy,
        SpotInstancePools: spot?.strategy === 'lowest-price' ? (spot.pools ?? 2) : undefined,
      },
    },
  };
}

function scaling({ nodes, scaling: { cpu } }: Ec2, group: Resource): Resource[] {
  if (nodes.min === nodes.max) return [];
  return [
    resource('Scaling', 'AWS::AutoScaling::ScalingPolicy', {
      AutoScalingGroupName: ref(group),
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
        TargetValue: cpu,
      },
    }),
  ];
}
