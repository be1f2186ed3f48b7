import { fakeAutoScaling } from '../fake-aws/auto-scaling/service.ts';
import { fakeCloudFormation } from '../fake-aws/cloudformation/cloudformation.ts';
import { elasticLoadBalancing, type FakeTarget } from '../fake-aws/elastic-load-balancing/service.ts';
import { fakeLogs } from '../fake-aws/logs/service.ts';
import { fakeS3 } from '../fake-aws/s3/service.ts';
import { type FakeAws, startFakeAws } from '../fake-aws/server.ts';
import { fakeSsm } from '../fake-aws/ssm/service.ts';
import { ROLE } from './ec2-nodes.ts';

/** What a stack makes stands in the other services, as on AWS. */
export interface Account {
  readonly aws: FakeAws;
  readonly cloud: ReturnType<typeof fakeCloudFormation>;
  readonly s3: ReturnType<typeof fakeS3>;
  readonly groups: ReturnType<typeof fakeAutoScaling>;
  readonly ssm: ReturnType<typeof fakeSsm>;
  /** What the load balancer says of a node in a target group, by their IDs, where it does not find it healthy. */
  readonly health: Map<`${string} ${string}`, Omit<FakeTarget, 'id'>>;
  /** Has the groups of all stacks have as many nodes, as a scaling policy or somebody else does. */
  scale(desired: number): void;
}

/** An instance that a group has launched, with what its launch template has it do. */
export interface Launched {
  readonly id: string;
  readonly group: string;
  readonly region: string;
  readonly userData: string;
}

/** What stands behind the instances of groups. */
export interface Machines {
  launched(instance: Launched): void;
  ended(id: string): void;
}

type Properties = Readonly<Record<string, unknown>>;

/**
 * An account with nothing in it.
 * @param machines nodes serve at once when left out.
 * @param more services beside those that a stack is made by.
 */
export async function ec2Account(
  machines?: Machines,
  more: Parameters<typeof startFakeAws>[0] = [],
): Promise<Account> {
  const [s3, ssm, logs] = [fakeS3(), fakeSsm(), fakeLogs([])];
  /** User data by Region. */
  const templates = new Map<string, string>();
  const groups = fakeAutoScaling([], {
    launched: ({ name: group, region }, id) =>
      machines
        ? machines.launched({ id, group, region, userData: templates.get(region)! })
        : groups.serve(id),
    ended: (id) => machines?.ended(id),
  });
  const targetGroups = new Map<string, { readonly logicalId: string; readonly region: string }>();
  const health: Account['health'] = new Map();
  const balancing = elasticLoadBalancing([], (arn) => {
    const { logicalId, region } = targetGroups.get(arn) ?? {};
    if (logicalId === undefined) return undefined;
    return groups
      .state()
      .groups.filter((group) => group.region === region)
      .flatMap(({ instances }) => instances)
      .map(({ id }) => ({ state: 'healthy', ...health.get(`${logicalId} ${id}`), id }));
  });
  const cloud = fakeCloudFormation({
    fetch: (url) => {
      const [, bucket, key] = /^https:\/\/([^.]+)\.s3\.[^/]+\/(.+)$/u.exec(url) ?? [];
      return bucket === undefined ? undefined : s3.content(bucket, key!)?.toString();
    },
    witness({ act, type, logicalId, physicalId: name, region, properties }) {
      const known = (properties ?? {}) as Properties;
      switch (type) {
        case 'AWS::S3::Bucket': {
          const { buckets } = s3.state();
          const there = buckets.find((bucket) => bucket.name === name);
          if (act === 'create') buckets.push({ name, region, versioned: true, objects: {} });
          if (act !== 'delete' || !there) return undefined;
          if (Object.values(there.objects).flat().length > 0)
            return 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
          buckets.splice(buckets.indexOf(there), 1);
          return undefined;
        }
        case 'AWS::ElasticLoadBalancingV2::TargetGroup':
          if (act === 'delete') targetGroups.delete(name);
          else targetGroups.set(name, { logicalId, region });
          return undefined;
        case 'AWS::Logs::LogGroup':
          if (act === 'create') logs.state().groups[name] = {};
          if (act === 'delete') delete logs.state().groups[name];
          return undefined;
        case 'AWS::EC2::LaunchTemplate': {
          const { UserData: text = '' } = (known['LaunchTemplateData'] ?? {}) as { UserData?: string };
          if (act !== 'delete') templates.set(region, Buffer.from(text, 'base64').toString());
          return undefined;
        }
        case 'AWS::AutoScaling::AutoScalingGroup': {
          if (act === 'create') {
            const hooks = known['LifecycleHookSpecificationList'] as readonly { LifecycleHookName: string }[];
            groups.add({
              name,
              region,
              min: 0,
              max: 0,
              desired: 0,
              tags: {},
              instances: [],
              hooks: hooks.map(({ LifecycleHookName: hook }) => hook),
            });
          }
          if (act !== 'delete') {
            groups.register(name, known['TargetGroupARNs'] as readonly string[]);
            groups.resize(name, sizesIn(known));
          } else groups.remove(name);
          return undefined;
        }
        default:
          return undefined;
      }
    },
  });
  cloud.settings.steps = 20;
  const aws = await startFakeAws([cloud, s3, groups, ssm, logs, balancing, ...more], { credentials: ROLE });
  const scale = (desired: number): void => {
    for (const { name, min, max } of groups.state().groups) {
      groups.resize(name, { min, max: Math.max(max, desired), desired });
      groups.act(name);
    }
  };
  return { aws, cloud, s3, groups, ssm, health, scale };
}

function sizesIn({ MinSize, MaxSize, DesiredCapacity }: Properties) {
  const desired = DesiredCapacity === undefined ? undefined : Number(DesiredCapacity);
  return { min: Number(MinSize), max: Number(MaxSize), desired };
}
