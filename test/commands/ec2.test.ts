import { readFile } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { lbctl, type Run } from '../support/cli.ts';
import { type Account, ec2Account } from '../support/ec2-region.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';

let account: Account;
let cwd: string;
beforeEach(async () => {
  account = await ec2Account();
  cwd = await temporaryFolder();
  await writeFiles(cwd, {
    'lb.yaml': `name: shop
provider: ec2
regions: [eu-west-1]
listeners: { http: { port: 80 } }
routes: [{ paths: { /: { respond: 204 } } }]
`,
  });
});

const run = (...args: readonly string[]): Promise<Run> => lbctl(args, { cwd, env: account.aws.env });

test('a plan of a new stack shows what is made, the nodes and their release, and changes nothing', async () => {
  const { code, stdout, stderr } = await run('plan');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('+   stack lbctl-shop in eu-west-1');
  expect(stdout).toContain('+   ElasticLoadBalancingV2::LoadBalancer LoadBalancer');
  expect(stdout).toMatch(/\+ {3}release \w{16} on node 1 of 2 in eu-west-1, node 2 of 2 in eu-west-1/u);
  expect(account.aws.changes()).toEqual([]);
});

test('how nodes come to private servers is told before there are any, and with a template', async () => {
  await writeFiles(cwd, {
    'lb.yaml': `name: shop
provider: ec2
regions: [eu-west-1]
listeners: { http: { port: 80 } }
upstreams: { web: [10.1.4.11:8080] }
routes: [{ paths: { /: web } }]
`,
  });
  const told = 'nodes will reach 10.1.4.11:8080 only once their VPC is peered with that of the servers';
  expect((await run('plan')).stderr).toContain(told);
  expect((await run('generate', '--target', 'cloudformation')).stderr).toContain(told);
});

test('a stack that fails is told by the first resource that failed, and is gone after down', async () => {
  account.cloud.failResource(
    'LoadBalancer',
    'create',
    'The maximum number of load balancers has been reached',
  );
  const failed = await run('up', '--yes');
  expect(failed.code).toBe(3);
  expect(failed.stderr).toContain(
    'cannot create the stack lbctl-shop in eu-west-1: LoadBalancer (ElasticLoadBalancingV2::LoadBalancer) failed: The maximum number',
  );
  expect(failed.stderr).toContain(
    'aws service-quotas list-service-quotas --service-code elasticloadbalancing',
  );
  const status = await run('status');
  expect(status.stdout).toContain('lbctl up brings it up from there');
  const gone = await run('down', '--yes');
  expect(gone.code).toBe(0);
  expect(gone.stderr).toContain('-   stack lbctl-shop in eu-west-1');
  expect(account.cloud.inventory()).toEqual([]);
});

test('--iam-policy prints what is needed', async () => {
  const { code, stdout } = await run('up', '--iam-policy');
  expect(code).toBe(0);
  const { Statement } = JSON.parse(stdout) as { Statement: readonly { Sid: string; Resource: string }[] };
  expect(Statement.find(({ Sid }) => Sid === 'LbctlStack')!.Resource).toBe(
    'arn:aws:cloudformation:*:*:stack/lbctl-shop/*',
  );
  const lbYaml = await readFile(`${cwd}/lb.yaml`, 'utf8');
  await writeFiles(cwd, { 'lb.yaml': lbYaml.replace('eu-west-1', 'us-gov-west-1') });
  expect((await run('up', '--iam-policy')).stdout).toContain('arn:aws-us-gov:s3:::lbctl-shop-*');
});

test('what somebody has changed by hand is told by --drift, and by itself nothing is', async () => {
  await run('up', '--yes', '--watch', '0');
  const inSync = await run('status', '--drift');
  expect([inSync.code, inSync.stderr]).toEqual([0, '']);
  expect(inSync.stdout).toContain('drift of lbctl-shop in eu-west-1: nothing was changed by hand');
  const { drift } = account.cloud.stack('lbctl-shop', 'eu-west-1')!;
  drift['Listener80'] = [{ path: '/Port', actual: '8081' }];
  drift['LaunchTemplate'] = [];
  const { stdout } = await run('status', '--drift');
  expect(stdout).toContain('drift of lbctl-shop in eu-west-1: 2 resources are not as lb.yaml made them');
  expect(stdout).toMatch(
    /~ Listener80 \(ElasticLoadBalancingV2::Listener\) {2}\S+\n {6}\/Port: 80 → 8081\n/u,
  );
  expect(stdout).toMatch(/- LaunchTemplate \(EC2::LaunchTemplate\) {2}\S+ {2}deleted by hand/u);
  const json = JSON.parse((await run('status', '--drift', '--json')).stdout) as { drift: unknown };
  expect(json.drift).toMatchObject([
    {
      region: 'eu-west-1',
      stack: 'lbctl-shop',
      problem: null,
      resources: [
        {
          logicalId: 'Listener80',
          deleted: false,
          properties: [{ path: '/Port', expected: '80', actual: '8081' }],
        },
        { logicalId: 'LaunchTemplate', deleted: true, properties: [] },
      ],
    },
  ]);
  expect((await run('status', '--json')).stdout).not.toContain('"drift"');
});

test('status tells what the load balancer thinks of each node, with the reason that AWS gives', async () => {
  await run('up', '--yes', '--watch', '0');
  const [{ instances } = { instances: [] }] = account.groups.state().groups;
  const [one, two] = instances.map(({ id }) => id) as [string, string];
  const well = await run('status');
  expect(well.stdout).toContain('  targets  2 healthy in eu-west-1, at port 80\n');
  account.health.set(`Targets80 ${one}`, { state: 'unhealthy', reason: 'Target.Timeout', description: 'no' });
  account.health.set(`Targets80 ${two}`, { state: 'odd', reason: 'Elb.New', description: 'Something new' });
  const { stdout } = await run('status');
  expect(stdout).toContain('  targets  1 odd, 1 unhealthy in eu-west-1, at port 80\n');
  expect(stdout).toContain(
    `! ${one} is unhealthy at port 80: its health location does not answer in time (Target.Timeout)`,
  );
  expect(stdout).toContain(`! ${two} is odd at port 80: Something new (Elb.New)`);
  expect(stdout).not.toContain('connections to all of them');
  account.health.set(`Targets80 ${two}`, { state: 'unhealthy', reason: 'Target.FailedHealthChecks' });
  const dead = await run('status', '--json');
  const told = JSON.parse(dead.stdout) as { targets: unknown; remarks: string[] };
  expect(told.targets).toContainEqual({
    region: 'eu-west-1',
    group: 'Targets80',
    port: 80,
    node: two,
    state: 'unhealthy',
    reason: 'Target.FailedHealthChecks',
    meaning: 'no connection to its health location comes about',
  });
  expect(told.remarks).toContain(
    'no node in eu-west-1 is healthy at port 80: the load balancer sends connections to all of them all the same',
  );
  const denied = account.aws.fail({ fault: 'denied', operation: 'DescribeTargetHealth', times: 9 });
  const rest = await run('status');
  denied.stop();
  expect(rest.code).toBe(0);
  expect(rest.stdout).toMatch(/^  reached {2}at .*elb/mu);
  expect(rest.stdout).toContain('! cannot see which nodes get connections in eu-west-1: ');
  expect(rest.stdout).toContain('allow elasticloadbalancing:DescribeTargetHealth');
});

test('down of a Region is refused on Lightsail, where it would take all others along', async () => {
  const lightsail = 'lightsail\nlightsail: { ssh_from: [203.0.113.7] }';
  const text = (await readFile(`${cwd}/lb.yaml`, 'utf8')).replace('ec2', lightsail);
  await writeFiles(cwd, { 'lb.yaml': text });
  expect(await run('down', '--yes', '--region', 'us-east-1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'hint: lbctl up removes what is in Regions that lb.yaml has no longer',
    ) as string,
  });
  expect(account.aws.calls).toEqual([]);
});

test('--drift tells what was added and taken out, on whatever page, and what could not be checked', async () => {
  await run('up', '--yes', '--watch', '0');
  account.cloud.settings.page = 1;
  const stack = account.cloud.stack('lbctl-shop', 'eu-west-1')!;
  stack.drift['FrontGroup'] = [{ path: '/SecurityGroupIngress/2', actual: '{"CidrIp":"203.0.113.7/32"}' }];
  stack.drift['Log'] = [{ path: '/RetentionInDays', actual: null }];
  stack.unchecked = 'Failed to detect drift on resource [Nodes]';
  const { code, stdout } = await run('status', '--drift');
  expect(code).toBe(0);
  expect(stdout).toContain('drift of lbctl-shop in eu-west-1: 2 resources are not as lb.yaml made them');
  expect(stdout).toContain('! not all could be checked: Failed to detect drift on resource [Nodes]\n');
  expect(stdout).toContain('      /SecurityGroupIngress/2: nothing → {"CidrIp":"203.0.113.7/32"}\n');
  expect(stdout).toContain('      /RetentionInDays: 30 → nothing\n');
});

test('--drift says so where a stack cannot be checked, and is refused where there are none', async () => {
  account.cloud.failResource('LoadBalancer', 'create', 'The maximum number has been reached');
  await run('up', '--yes');
  const { stdout } = await run('status', '--drift');
  expect(stdout).toMatch(
    /drift of lbctl-shop in eu-west-1: nothing is known\n! not all could be checked: it is ROLLBACK_\w+/u,
  );
  await writeFiles(cwd, {
    'local.yaml':
      'name: shop\nlisteners: { http: { port: 8080 } }\nroutes: [{ paths: { /: { respond: 204 } } }]\n',
  });
  const refused = await run('status', '--drift', '--file', 'local.yaml');
  expect(refused.code).toBe(2);
  const local = await run('down', '--region', 'eu-west-1', '--file', 'local.yaml');
  expect([local.code, local.stderr]).toEqual([
    2,
    expect.stringContaining('--region is for balancers on ec2, and not on local') as string,
  ]);
  expect(refused.stderr).toContain('provider local makes no stack that could be changed by hand');
});
