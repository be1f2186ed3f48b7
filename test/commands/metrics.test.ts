import { type ChildProcess, spawn } from 'node:child_process';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { dimensionOf } from '../../src/lib/metrics/balancer.ts';
import { FLOW_METRICS, NODE_METRICS } from '../../src/lib/metrics/catalog.ts';
import { seriesOf } from '../../src/lib/metrics/series.ts';
import { fakeAutoScaling } from '../fake-aws/auto-scaling/service.ts';
import { cloudWatch } from '../fake-aws/cloudwatch/service.ts';
import { balancerArn, elasticLoadBalancing, groupArn } from '../fake-aws/elastic-load-balancing/service.ts';
import { AwsError } from '../fake-aws/errors.ts';
import { type FakeAws, startFakeAws } from '../fake-aws/server.ts';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { atEnd } from '../support/lifetime.ts';
import { type Document, metrics, NODES, region, SHOP } from '../support/metrics-region.ts';
import { freePort } from '../support/ports.ts';
import { without } from '../support/tools.ts';
import { until } from '../support/wait.ts';

describe('lbctl metrics', () => {
  it('brings every metric of a balancer and of its nodes by four calls', async () => {
    const fake = await region();
    const { stdout, code, stderr } = await metrics(fake, 'shop', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { loadBalancers } = JSON.parse(stdout) as Document;
    expect(loadBalancers.map(({ name }) => name)).toEqual(['shop']);
    const { series } = loadBalancers[0]!;
    expect(new Set(series.map(({ metric }) => metric))).toEqual(
      new Set([...FLOW_METRICS, ...NODE_METRICS].map(({ name }) => name)),
    );
    const empty = series.filter(({ points }) => !points.some(([, value]) => value !== null));
    expect(empty).toEqual([]);
    expect(series[0]).toMatchObject({
      metric: 'NewFlowCount',
      statistic: 'Sum',
      unit: 'Count',
      period: 60,
      dimensions: { LoadBalancer: dimensionOf(balancerArn(SHOP)) },
    });
    expect(fake.calls.map(({ operation }) => operation)).toEqual([
      'DescribeLoadBalancers',
      'DescribeTargetGroups',
      'DescribeAutoScalingGroups',
      'GetMetricData',
    ]);
    const ofNodes = series.filter(({ dimensions }) => dimensions['AutoScalingGroupName'] !== undefined);
    expect(ofNodes.map(({ metric, statistic, period }) => `${metric} ${statistic} ${period}`)).toEqual([
      'CPUUtilization Average 300',
      'CPUUtilization Maximum 300',
      'NetworkIn Sum 300',
      'NetworkOut Sum 300',
      'StatusCheckFailed Maximum 300',
      'GroupInServiceInstances Minimum 60',
    ]);
    expect(new Set(ofNodes.map(({ dimensions }) => dimensions['AutoScalingGroupName']))).toEqual(
      new Set(['shop-nodes']),
    );
    // what is measured every five minutes has no gaps in between
    expect(ofNodes[0]!.points.filter(([, value]) => value === null).length).toBeLessThan(3);
  });

  it('shows balancers without their nodes where those may not be listed, and says so in a line', async () => {
    const fake = await region();
    fake.allow(['elasticloadbalancing:*', 'monitoring:*']);
    const { stdout, stderr, code } = await metrics(fake, 'shop');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^! nodes are not shown: cannot list Auto Scaling groups in us-east-1: .*; allow autoscaling:DescribeAutoScalingGroups to whoever runs lbctl.*\n$/u,
    );
    expect(stdout).toContain('ok        targets    web: all 2 healthy');
    expect(stdout).not.toContain('nodes ');
    fake.allow(undefined);
    const whole = await metrics(fake, 'shop');
    expect(whole.stderr).toBe('');
    expect(whole.stdout).toContain('ok        nodes      shop-nodes: 2 nodes, CPU mean 12 %, most 12 %');
    expect(whole.stdout).toMatch(/^CPU, shop-nodes +mean 12 %, now 12 %/mu);
  });

  it('asks for 300 balancers with as many calls as their series fill', async () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      ...SHOP,
      name: `shop-${index}`,
      groups: [`web-${index}`],
    }));
    const fake = await startFakeAws([
      elasticLoadBalancing([
        ...many,
        ...many.map((one) => ({ ...one, name: `${one.name}-app`, type: 'application' as const })),
      ]),
      // each behind two balancers
      fakeAutoScaling(
        Array.from({ length: 150 }, (_, index) => ({
          ...NODES,
          name: `nodes-${index}`,
          targetGroupArns: [index, index + 150].map((number) => groupArn('us-east-1', `web-${number}`)),
        })),
      ),
      cloudWatch([]),
    ]);
    const { stdout, code } = await metrics(fake, '--since', '1h', '--period', '5m', '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Document).loadBalancers).toHaveLength(300);
    const count = (operation: string): number =>
      fake.calls.filter((call) => call.operation === operation).length;
    const one = {
      ...SHOP,
      arn: balancerArn(SHOP),
      state: 'active',
      groups: [{ name: 'web', arn: groupArn('us-east-1', 'web') }],
    };
    // 600 balancers and as many groups come in pages of 400
    expect([count('DescribeLoadBalancers'), count('DescribeTargetGroups')]).toEqual([2, 2]);
    expect(count('DescribeAutoScalingGroups')).toBe(2);
    // those of nodes are asked for once, however many balancers send to them
    const ofNodes = seriesOf({ ...one, nodes: [{ name: 'nodes', desired: 2, inService: 2 }] }).length;
    const all = 300 * seriesOf(one).length + 150 * (ofNodes - seriesOf(one).length);
    expect(count('GetMetricData')).toBe(Math.ceil(all / 500));
  });

  it('shows those in front of the nodes of lb.yaml where it runs on EC2', async () => {
    const there = { ...SHOP, name: 'lbctl-x1y2', groups: ['x1y2'] };
    const fake = await startFakeAws([
      elasticLoadBalancing([SHOP, there]),
      fakeAutoScaling([
        NODES,
        {
          ...NODES,
          name: 'x1y2-nodes',
          tags: { 'lbctl:balancer': 'shop' },
          targetGroupArns: [groupArn('us-east-1', 'x1y2')],
        },
      ]),
      cloudWatch([]),
    ]);
    const cwd = await temporaryFolder();
    const write = (name: string): Promise<void> =>
      writeFiles(cwd, {
        'lb.yaml': `name: ${name}\nprovider: ec2\nregions: [us-east-1]\nlisteners: { http: { port: 80 } }\nroutes: [{ paths: { /: { respond: { body: ok } } } }]\n`,
      });
    await write('shop');
    const run = await lbctl(['metrics', '--json'], { cwd, env: fake.env });
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    expect((JSON.parse(run.stdout) as Document).loadBalancers.map(({ name }) => name)).toEqual([there.name]);
    await write('api');
    expect(await lbctl(['metrics'], { cwd, env: fake.env })).toMatchObject({
      code: 2,
      stderr:
        'error: there is no load balancer in front of nodes of api here\nhint: lbctl up makes what lb.yaml asks for\n',
    });
    fake.allow(['elasticloadbalancing:*']);
    expect(await lbctl(['metrics'], { cwd, env: fake.env })).toMatchObject({ code: 4 });
  });

  it('goes on through pages, and tells what did not come', async () => {
    const paged = await region({ page: 5000 });
    const { stdout } = await metrics(paged, 'shop', '--json');
    const whole = JSON.parse((await metrics(await region(), 'shop', '--json')).stdout) as Document;
    const lengths = ({ loadBalancers }: Document): number[] =>
      loadBalancers[0]!.series.map(({ points }) => points.length);
    expect(lengths(JSON.parse(stdout) as Document)).toEqual(lengths(whole));
    expect(paged.calls.filter(({ operation }) => operation === 'GetMetricData').length).toBeGreaterThan(2);

    const partial = await metrics(await region({ status: { ProcessedBytes: 'PartialData' } }), 'shop');
    expect(partial.stdout).toContain('CloudWatch did not bring all points');
  });

  it('asks again for what CloudWatch could not bring, and no more than twice', async () => {
    const fake = await region({ status: { ProcessedBytes: 'InternalError' } });
    const { stdout, code } = await metrics(fake, 'shop');
    expect(code).toBe(0);
    expect(stdout).toContain('CloudWatch did not bring all points');
    const asked = fake.calls.filter(({ operation }) => operation === 'GetMetricData');
    expect(
      asked.map(({ input }) => (input as { MetricDataQueries: unknown[] }).MetricDataQueries.length),
    ).toEqual([expect.any(Number), 3, 3]);
  });

  it('bears throttling', async () => {
    const fake = await region();
    fake.fail({ fault: 'throttled', operation: 'GetMetricData' });
    expect((await metrics(fake, 'shop')).code).toBe(0);
  });

  it.each<[string, (fake: FakeAws) => unknown, readonly string[], number, string]>([
    [
      'a name that is not there',
      () => 0,
      ['shpo'],
      2,
      'error: there is no Network Load Balancer shpo\nhint: did you mean shop?\n',
    ],
    [
      'a window without time',
      () => 0,
      ['--since', '1h', '--until', '2h'],
      2,
      'error: there is no time between --since and --until\nhint: such as --since 3h, or --since 2026-01-31T12:00Z --until 2026-01-31T15:00Z\n',
    ],
    [
      'a window in the future',
      () => 0,
      ['--since', '2100-01-01'],
      2,
      'error: --since 2100-01-01 lies in the future: it is ',
    ],
    [
      '--watch without a terminal',
      () => 0,
      ['--watch'],
      2,
      'error: --watch draws on a terminal, and in no other form\nhint: in a script, run the command once a minute\n',
    ],
    [
      'no right to list',
      (fake) => fake.allow(['cloudwatch:*', 'monitoring:*']),
      ['shop'],
      4,
      'hint: allow elasticloadbalancing:DescribeLoadBalancers to whoever runs lbctl',
    ],
    [
      'no right to read',
      (fake) => fake.allow(['elasticloadbalancing:*', 'autoscaling:*']),
      ['shop'],
      4,
      'hint: allow cloudwatch:GetMetricData to whoever runs lbctl',
    ],
    [
      'a call that took minutes to arrive',
      (fake) =>
        fake.fail({
          fault: {
            error: new AwsError(
              403,
              'SignatureDoesNotMatch',
              'Signature expired: 20260101T000000Z is now earlier than 20260102T000000Z',
            ),
          },
          times: 9,
        }),
      ['shop'],
      3,
      'hint: the clock of this machine is right, so the call took minutes to arrive',
    ],
  ])('tells of %s', async (_, prepare, args, code, text) => {
    const fake = await region();
    prepare(fake);
    const run = await metrics(fake, ...args);
    expect(run.stderr).toContain(text);
    expect(run.code).toBe(code);
  });

  it('tells of series that may not be read', async () => {
    const { code, stderr } = await metrics(await region({ status: { ProcessedBytes: 'Forbidden' } }), 'shop');
    expect({ code, stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('CloudWatch refuses some of them'),
    });
  });

  it('needs credentials', async () => {
    const { env } = await region();
    const none = Object.fromEntries(Object.entries(env).filter(([name]) => !/ACCESS_KEY|TOKEN/u.test(name)));
    const run = await lbctl(['metrics'], {
      cwd: await temporaryFolder(),
      env: { ...none, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_REGION: 'us-east-1' },
    });
    expect(run).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('there are no AWS credentials here'),
    });
  });

  it('says that nothing flowed where there is no data', async () => {
    const fake = await startFakeAws([elasticLoadBalancing([SHOP]), fakeAutoScaling([]), cloudWatch([])]);
    const { stdout, code } = await metrics(fake, 'shop');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no new flow in this time'),
    });
  });
});

describe.skipIf(without('moto_server'))('with an emulator that others have written', () => {
  it('lbctl metrics reads what was put there', async () => {
    const port = await freePort();
    const moto: ChildProcess = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' });
    atEnd(async () => void moto.kill());
    const endpoint = `http://127.0.0.1:${port}`;
    await until(
      'the emulator answers',
      () =>
        fetch(endpoint).then(
          () => true,
          () => false,
        ),
      30_000,
    );
    const credentials = { accessKeyId: 'AKIAFAKEFAKEFAKEFAKE', secretAccessKey: 'secret' };
    const options = { region: 'us-east-1', endpoint, credentials };
    const { LoadBalancers } = await new ElasticLoadBalancingV2Client(options).send(
      new CreateLoadBalancerCommand({ Name: 'shop', Type: 'network', Subnets: [await someSubnet(endpoint)] }),
    );
    const arn = LoadBalancers![0]!.LoadBalancerArn!;
    await new CloudWatchClient(options).send(
      new PutMetricDataCommand({
        Namespace: 'AWS/NetworkELB',
        MetricData: [7, 35].map((Value, index) => ({
          MetricName: 'NewFlowCount',
          Dimensions: [{ Name: 'LoadBalancer', Value: dimensionOf(arn) }],
          Timestamp: new Date(Date.now() - (10 + index) * 60_000),
          Value,
        })),
      }),
    );
    const run = await lbctl(['metrics', 'shop', '--json'], {
      cwd: await temporaryFolder(),
      env: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    });
    expect(run.code).toBe(0);
    const { series } = (JSON.parse(run.stdout) as Document).loadBalancers[0]!;
    const values = series[0]!.points.flatMap(([, value]) => (value === null ? [] : [value]));
    expect(values).toEqual([35, 7]);
  });
});

/** One that the emulator has from the start; its client would be a large package for one call. */
async function someSubnet(endpoint: string): Promise<string> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization:
        'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'Action=DescribeSubnets&Version=2016-11-15',
  });
  return /<subnetId>(.*?)<\/subnetId>/u.exec(await answer.text())![1]!;
}
