import { beforeEach, expect, test } from 'vitest';
import { newLists } from '../../../src/lib/aws/lightsail/lists.ts';
import { partitionOf } from '../../../src/lib/aws/partition.ts';
import { autoscalingGroup } from '../../../src/lib/discovery/autoscaling-group.ts';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { policyFor as onEc2 } from '../../../src/lib/providers/ec2/policy.ts';
import { policyFor as onLightsail } from '../../../src/lib/providers/lightsail/policy.ts';
import { findActions } from '../../../src/lib/discovery/actions.ts';
import { type FakeGroup, fakeAutoScaling } from '../../fake-aws/auto-scaling/service.ts';
import { fakeEc2, type FakeMachine } from '../../fake-aws/ec2/service.ts';
import { type FakeAws, startFakeAws } from '../../fake-aws/server.ts';
import { lbctl } from '../../support/cli.ts';
import { temporaryFolder, writeFiles } from '../../support/folder.ts';

const HOME = 'eu-west-1';

/** A group with an instance for each state, and what EC2 knows of these. */
function group(name: string, region: string, ...states: readonly string[]) {
  const instances = states.map((state, index) => ({
    id: `i-${name}${states.length - index}`,
    zone: `${region}a`,
    state,
    healthy: true,
  }));
  const of: FakeGroup = { name, region, min: 1, max: 9, desired: states.length, tags: {}, instances };
  const machines = instances.map(({ id }, index): FakeMachine => ({
    id,
    region,
    address: `10.0.${name.length}.${index + 1}`,
    tags: { 'aws:autoscaling:groupName': name },
  }));
  return { of, machines };
}

let aws: FakeAws;
beforeEach(async () => {
  const all = [
    group('app', HOME, 'InService', 'InService', 'Pending:Wait', 'InService'),
    group('rest', HOME, 'Standby'),
    group('none', HOME),
    group('far', 'us-east-1', 'InService'),
    ...Array.from({ length: 120 }, (_, index) => group(`many-${index}`, HOME, 'InService')),
  ];
  const machines = all.flatMap(({ machines }) => machines);
  // it has just gone
  machines[3] = { id: machines[3]!.id, region: HOME };
  aws = await startFakeAws([fakeAutoScaling(all.map(({ of }) => of)), fakeEc2([], machines)]);
  Object.assign(process.env, aws.env, { AWS_REGION: HOME });
});

const ask = (name: string, region?: string) => ({
  upstream: 'api',
  query: { name, region },
  port: 9000,
  home: undefined,
  balancer: 'shop',
});

test('instances in service are servers, in the order of their IDs; what else there is, is told', async () => {
  const [app, far] = await autoscalingGroup.find([ask('app'), ask('far', 'us-east-1')], newLists());
  expect(app).toEqual({
    servers: [
      { address: '10.0.3.2:9000', name: 'i-app3', source: `Auto Scaling ${HOME}` },
      { address: '10.0.3.1:9000', name: 'i-app4', source: `Auto Scaling ${HOME}` },
    ],
    remarks: [
      'i-app2 of app is Pending:Wait, and is left out of api',
      'i-app1 of app has no private address, and is left out of api',
    ],
  });
  expect(far!.servers.map(({ address }) => address)).toEqual(['10.0.3.1:9000']);
  // a group list and an instance list of each Region
  expect(aws.calls.map(({ operation }) => operation).toSorted()).toEqual(
    [0, 1].flatMap(() => 'DescribeAutoScalingGroups').concat([0, 1].flatMap(() => 'DescribeInstances')),
  );
});

test('more groups than a call takes are asked by several', async () => {
  const names = Array.from({ length: 120 }, (_, index) => `many-${index}`);
  const answers = await autoscalingGroup.find(
    names.map((name) => ask(name)),
    newLists(),
  );
  expect(answers.map(({ servers }) => servers.length)).toEqual(names.map(() => 1));
});

test('where there is none, it is told why', async () => {
  const [rest, none, absent] = await autoscalingGroup.find(
    [ask('rest'), ask('none'), ask('nobody')],
    newLists(),
  );
  expect(rest!.none).toEqual({
    message: `no instance of rest in ${HOME} is in service`,
    hint: 'i-rest1 is Standby: run the command again when it is InService',
  });
  expect(none!.none!.hint).toContain("--auto-scaling-group-names 'none' tells its size");
  expect(absent!.none).toEqual({
    message: `there is no Auto Scaling group nobody in ${HOME}`,
    hint: `aws autoscaling describe-auto-scaling-groups --region ${HOME} --query 'AutoScalingGroups[].AutoScalingGroupName' tells which there are`,
  });
});

const text = (group: string): string => `name: shop
listeners: { http: { port: 8080 } }
upstreams: { api: { discover: { autoscaling_group: ${group}, port: 9000 } } }
routes: [{ paths: { /: api } }]
`;

test('what is rendered has them, and a group that is not there ends it', async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { 'lb.yaml': text('app') });
  const made = await lbctl(['generate'], { cwd, env: aws.env });
  expect(made.stdout).toContain('server 10.0.3.2:9000');
  await writeFiles(cwd, { 'lb.yaml': text('nobody') });
  const run = await lbctl(['generate'], { cwd, env: aws.env });
  expect(run.code).toBe(3);
  expect(run.stderr).toContain(
    `no server is found for upstream api: there is no Auto Scaling group nobody in ${HOME}`,
  );
  aws.allow(['autoscaling:DescribeAutoScalingGroups']);
  const denied = await lbctl(['generate'], { cwd, env: aws.env });
  expect(denied.code).toBe(4);
  expect(denied.stderr).toContain(`cannot look for the instances of Auto Scaling groups in ${HOME}`);
});

test('policies allow just what finds them', async () => {
  const { balancer } = readBalancer(text('app'), 'lb.yaml');
  const needed = ['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeInstances'];
  expect(findActions(balancer)).toEqual(needed);
  aws.allow(needed);
  await autoscalingGroup.find([ask('app')], newLists());
  expect(aws.calls.every(({ outcome }) => outcome === 'OK')).toBe(true);
  const onNodes = onEc2('lbctl-shop', partitionOf(HOME), needed).Statement.find(
    ({ Sid }) => Sid === 'LbctlNodes',
  )!;
  expect(onNodes.Action).toEqual(expect.arrayContaining(needed));
  expect(onLightsail(balancer, [HOME]).Statement[0]!.Action).toEqual(expect.arrayContaining(needed));
});
