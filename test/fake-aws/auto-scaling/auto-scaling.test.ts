import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { startFakeAws } from '../server.ts';
import { type FakeGroup, fakeAutoScaling } from './service.ts';

const WEB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/7765625f5f5f5f5f';

const group = (name: string): FakeGroup => ({
  name,
  region: 'us-east-1',
  min: 0,
  max: 4,
  desired: 0,
  tags: {},
  instances: [],
});

async function client() {
  const aws = await startFakeAws([
    fakeAutoScaling([
      {
        ...group('nodes'),
        targetGroupArns: [WEB],
        desired: 2,
        instances: [{ id: 'i-0123456789abcdef0', zone: 'us-east-1a', state: 'InService', healthy: true }],
        tags: { team: 'shop' },
      },
      ...Array.from({ length: 60 }, (_, index) => group(`other-${index}`)),
      { ...group('far'), region: 'eu-west-1' },
    ]),
  ]);
  return new AutoScalingClient({
    endpoint: aws.url,
    credentials: aws.credentials,
    region: 'us-east-1',
    maxAttempts: 1,
  });
}

describe('groups of Auto Scaling', () => {
  it('come in pages, with what stands in them', async () => {
    const here = await client();
    const first = await here.send(new DescribeAutoScalingGroupsCommand({}));
    expect(first.AutoScalingGroups).toHaveLength(50);
    expect(first.AutoScalingGroups![0]).toMatchObject({
      AutoScalingGroupName: 'nodes',
      DesiredCapacity: 2,
      TargetGroupARNs: [WEB],
      TrafficSources: [{ Identifier: WEB, Type: 'elbv2' }],
      Instances: [
        { InstanceId: 'i-0123456789abcdef0', LifecycleState: 'InService', HealthStatus: 'Healthy' },
      ],
    });
    const rest = await here.send(new DescribeAutoScalingGroupsCommand({ NextToken: first.NextToken }));
    expect(rest.AutoScalingGroups).toHaveLength(11);
    expect(rest.NextToken).toBeUndefined();
  });

  it('are found by names and tags', async () => {
    const here = await client();
    const named = await here.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['other-3', 'nodes', 'far'] }),
    );
    expect(named.AutoScalingGroups!.map((group) => group.AutoScalingGroupName)).toEqual(['nodes', 'other-3']);
    const Filters = [{ Name: 'tag:team', Values: ['shop', 'none'] }];
    const tagged = await here.send(new DescribeAutoScalingGroupsCommand({ Filters }));
    expect(tagged.AutoScalingGroups).toHaveLength(1);
  });

  it.each([
    [{ MaxRecords: 101 }, 'ValidationError'],
    [{ NextToken: 'none' }, 'InvalidNextToken'],
    [{ Filters: [{ Name: 'name', Values: ['nodes'] }] }, 'ValidationError'],
  ])('%o is refused', async (input, name) => {
    await expect((await client()).send(new DescribeAutoScalingGroupsCommand(input))).rejects.toMatchObject({
      name: expect.stringContaining(name.replace(/^Invalid/u, '')),
    });
  });
});
