import { fakeAutoScaling } from '../fake-aws/auto-scaling/service.ts';
import { fakeCloudFormation } from '../fake-aws/cloudformation/cloudformation.ts';
import { elasticLoadBalancing, type FakeTarget } from '../fake-aws/elastic-load-balancing/service.ts';
import { fakeS3 } from '../fake-aws/s3/service.ts';
import { type FakeAws, startFakeAws } from '../fake-aws/server.ts';
import { fakeSsm } from '../fake-aws/ssm/service.ts';

/** What a stack makes stands in the other services, as on AWS. */
export interface Account {
  readonly aws: FakeAws;
  readonly cloud: ReturnType<typeof fakeCloudFormation>;
  readonly s3: ReturnType<typeof fakeS3>;
  readonly groups: ReturnType<typeof fakeAutoScaling>;
  readonly ssm: ReturnType<typeof fakeSsm>;
  /** What the load balancer says of a node in a target group, by their IDs, where it does not find it healthy. */
  readonly health: Map<`${string} ${string}`, Omit<FakeTarget, 'id'>>;
}

/**
 * An account with nothing in it.
 * @param launched told of each node that a group launches; nodes serve at once when left out.
 * @param more services beside those that a stack is made by.
 */
export async function ec2Account(
  launched?: (group: string, instance: string) => void,
  more: Parameters<typeof startFakeAws>[0] = [],
): Promise<Account> {
  const [s3, groups, ssm] = [fakeS3(), fakeAutoScaling(), fakeSsm()];
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
  let count = 0;
  const cloud = fakeCloudFormation({
    fetch: (url) => {
      const [, bucket, key] = /^https:\/\/([^.]+)\.s3\.[^/]+\/(.+)$/u.exec(url) ?? [];
      return bucket === undefined ? undefined : s3.content(bucket, key!)?.toString();
    },
    witness({ act, type, logicalId, physicalId: name, region, properties }) {
      if (type === 'AWS::ElasticLoadBalancingV2::TargetGroup') {
        if (act === 'delete') targetGroups.delete(name);
        else targetGroups.set(name, { logicalId, region });
      }
      if (type === 'AWS::S3::Bucket') {
        const { buckets } = s3.state();
        const there = buckets.find((bucket) => bucket.name === name);
        if (act === 'create') buckets.push({ name, region, versioned: true, objects: {} });
        if (act !== 'delete' || !there) return undefined;
        if (Object.values(there.objects).flat().length > 0)
          return 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
        buckets.splice(buckets.indexOf(there), 1);
      }
      if (type !== 'AWS::AutoScaling::AutoScalingGroup') return undefined;
      const { MinSize, MaxSize, DesiredCapacity } = (properties ?? {}) as Record<string, string | undefined>;
      if (act === 'delete') groups.remove(name);
      if (act === 'create') {
        const desired = Number(DesiredCapacity ?? MinSize);
        groups.add({
          name,
          region,
          min: Number(MinSize),
          max: Number(MaxSize),
          desired,
          tags: {},
          instances: [],
        });
        for (let one = 0; one < desired; one++) {
          const id = `i-${String(++count).padStart(17, '0')}`;
          groups.launch(name, id, `${region}${'ab'[one % 2]}`);
          if (launched) launched(name, id);
          else groups.serve(id);
        }
      }
      return undefined;
    },
  });
  cloud.settings.steps = 20;
  const aws = await startFakeAws([cloud, s3, groups, ssm, balancing, ...more]);
  return { aws, cloud, s3, groups, ssm, health };
}
