import { expect, it } from 'vitest';
import { balancers } from '../../src/commands/metrics/balancers.ts';
import type { Invocation } from '../../src/commands/command.ts';
import { windowOf } from '../../src/lib/metrics/window.ts';
import { createTerminal } from '../../src/lib/ui/terminal.ts';
import { type FakeGroup, fakeAutoScaling } from '../fake-aws/auto-scaling/service.ts';
import { cloudWatch } from '../fake-aws/cloudwatch/service.ts';
import { elasticLoadBalancing } from '../fake-aws/elastic-load-balancing/service.ts';
import { startFakeAws } from '../fake-aws/server.ts';
import { atEnd } from '../support/lifetime.ts';
import { NODES, SHOP } from '../support/metrics-region.ts';

it('what is watched is found once, and its nodes are counted with every look', async () => {
  const groups = fakeAutoScaling([NODES]);
  const aws = await startFakeAws([elasticLoadBalancing([SHOP]), groups, cloudWatch([])]);
  Object.assign(process.env, aws.env, { AWS_REGION: 'us-east-1' });
  const stream = (): { write(): void } => ({ write: () => undefined });
  const terminal = await createTerminal({
    stdin: () => ({}),
    stdout: stream,
    stderr: stream,
    env: {},
    json: false,
    color: false,
  });
  const invocation: Invocation = {
    args: ['shop'],
    options: {},
    lists: {},
    terminal,
    cwd: '/',
    env: process.env,
    atEnd: (close) => atEnd(close),
  };
  const look = await balancers(invocation).open();
  const now = new Date();
  const counted = async (): Promise<string[]> => {
    const { sheets } = await look(windowOf({}, now), now);
    return sheets[0]!.verdicts.filter(({ subject }) => subject === 'nodes').map(({ message }) => message);
  };
  expect(await counted()).toEqual(['shop-nodes: 2 nodes; EC2 has no samples of this time']);
  const [group] = groups.state().groups as [FakeGroup];
  groups.state().groups = [{ ...group, instances: group.instances.slice(1) }];
  expect(await counted()).toEqual(['shop-nodes: 1 of 2 nodes in service now']);
  const count = (operation: string): number =>
    aws.calls.filter((call) => call.operation === operation).length;
  expect([
    count('DescribeLoadBalancers'),
    count('DescribeTargetGroups'),
    count('DescribeAutoScalingGroups'),
  ]).toEqual([1, 1, 2]);
});
