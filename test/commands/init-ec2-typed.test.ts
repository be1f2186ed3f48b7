import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { fakeAcm } from '../fake-aws/acm/service.ts';
import { fakeEc2 } from '../fake-aws/ec2/service.ts';
import { fakeRoute53 } from '../fake-aws/route53/service.ts';
import { sns } from '../fake-aws/sns/service.ts';
import { lbctl } from '../support/cli.ts';
import { ec2Account } from '../support/ec2-region.ts';
import { temporaryFolder } from '../support/folder.ts';
import { without } from '../support/tools.ts';
import { typist } from '../support/typist.ts';

/** An account in which a stack can be made, with a VPC, certificates and a topic. */
async function fleetAccount() {
  const certificate = (id: string, ...names: readonly string[]) => ({
    arn: `arn:aws:acm:eu-west-1:111122223333:certificate/${id}`,
    names,
  });
  const subnets = ['a', 'b', 'c'].flatMap((zone) => [
    { id: `subnet-0${zone}${zone}00001`, zone: `eu-west-1${zone}`, way: 'igw-1' },
    { id: `subnet-0${zone}${zone}00002`, zone: `eu-west-1${zone}`, way: 'nat-1' },
  ]);
  const { aws, groups } = await ec2Account(undefined, [
    fakeRoute53(),
    fakeEc2([{ id: 'vpc-0aaa1111', region: 'eu-west-1', cidr: '10.1.0.0/16', name: 'main', subnets }]),
    fakeAcm([certificate('0f3c', 'example.org'), certificate('1f3c', 'example.com', '*.example.com')]),
    sns([{ arn: 'arn:aws:sns:eu-west-1:111122223333:ops', subscriptions: [] }]),
  ]);
  for (const name of ['shop-app', 'other'])
    groups.add({
      name,
      region: 'eu-west-1',
      min: 1,
      max: 1,
      desired: 1,
      tags: name === 'other' ? { 'lbctl:balancer': 'other' } : {},
      instances: [],
    });
  return { aws, env: { ...aws.env, HOME: '/dev/null', AWS_REGION: 'eu-west-1' } };
}

describe.skipIf(without('tmux'))('lbctl init at a terminal, for EC2', () => {
  test('the VPC, its subnets, the certificate and the topic are chosen, and the end shows the stack', async () => {
    const cwd = await temporaryFolder();
    const { aws, env: variables } = await fleetAccount();
    const me = await typist(['init'], { cwd, env: variables });
    await me.reads('? Where is the balancer to run?');
    me.press('Down', 'Down', 'Down', 'Enter');
    await me.answer('What is it called?', 'shop');
    await me.answer('In which Regions of AWS?');
    await me.reads('· eu-west-1: 1 Auto Scaling group, 1 VPC, 2 certificates, 1 SNS topic, 1 hosted zone');
    await me.answer('How many nodes in each Region?', '6-2');
    await me.reads('6 is more than 2');
    me.press('BSpace', 'BSpace', 'BSpace');
    me.type('2-6');
    me.press('Enter');
    await me.answer('Of which instance type?');
    await me.answer('With which system?');
    await me.answer('How are the servers behind it known?');
    await me.answer('Which servers are behind it?', '127.0.0.1:9001');
    await me.reads('127.0.0.1:9001 is the node itself, on which nothing runs but NGINX');
    me.press('C-u');
    me.type(`${hostname()}:1`);
    me.press('Enter');
    await me.reads('? In which VPC do the nodes stand?');
    await me.reads('vpc-0aaa1111: main, 10.1.0.0/16');
    me.press('Down', 'Enter');
    await me.reads('? In which subnets is the load balancer?');
    me.press('Down', 'Enter');
    await me.answer('In which subnets are the nodes?');
    await me.answer('Does the load balancer keep its addresses?');
    await me.answer('Which host names does it answer?', 'shop.example.com');
    await me.answer('Is it reached by HTTPS?');
    await me.reads('❯ example.com, *.example.com');
    await me.answer('Which certificate of ACM?');
    await me.answer('Which port takes HTTP?', '19098');
    await me.reads('port 19098 of nodes tells the load balancer whether they are alive');
    me.press('C-u', 'Enter');
    await me.answer('Which port takes HTTPS?');
    await me.answer('A path with limits or servers of its own?', '/api/=20r/s');
    await me.answer('Another such path?');
    await me.answer('Which zone of Route 53 is to lead here?');
    await me.reads('? Which SNS topic do its alarms tell?');
    me.press('Up', 'Enter');
    await me.reads('+ stack lbctl-shop in eu-west-1');
    await me.reads('+ CloudWatch::Alarm');
    expect(readdirSync(cwd)).toEqual([]);
    await me.answer('Is this right?');
    await me.reads('lbctl status how it does, and where clients reach it');
    expect(await me.ended()).toBe(0);
    const { stdout } = await lbctl(['config', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      balancer: {
        provider: 'ec2',
        regions: ['eu-west-1'],
        ec2: {
          nodes: { min: 2, max: 6 },
          instance_types: ['t4g.small'],
          vpc: {
            id: 'vpc-0aaa1111',
            public_subnets: ['subnet-0aa00001', 'subnet-0bb00001', 'subnet-0cc00001'],
            private_subnets: ['subnet-0aa00002', 'subnet-0bb00002', 'subnet-0cc00002'],
          },
          static_ips: true,
        },
        listeners: {
          http: { port: 80 },
          https: { tls: { acm: ['arn:aws:acm:eu-west-1:111122223333:certificate/1f3c'] } },
        },
        dns: { zone: 'example.com', name: 'shop.example.com', policy: 'latency' },
        alarms: { notify: ['arn:aws:sns:eu-west-1:111122223333:ops'] },
      },
    });
    expect((await lbctl(['generate', '--target', 'cloudformation'], { cwd })).code).toBe(0);
    expect(aws.changes()).toEqual([]);
  });

  test('all can be typed, where nothing may be seen', async () => {
    const cwd = await temporaryFolder();
    const { aws, env: variables } = await fleetAccount();
    aws.allow([]);
    const arn = 'arn:aws:acm:eu-west-1:111122223333:certificate/1f3c';
    const flags = ['--provider', 'ec2', '--name', 'shop', '--region', 'eu-west-1', '--instances', '2'];
    const rest = ['--instance-type', 't4g.small', '--image', 'debian_13'];
    const web = ['--host', 'shop.example.com', '--https', 'acm', '--port', '80', '--https-port', '443'];
    const me = await typist(['init', ...flags, ...rest, ...web, '--path', '/api/=20r/s'], {
      cwd,
      env: variables,
    });
    await me.reads('; you can type what it would list');
    await me.reads('? How are the servers behind it known?');
    me.press('Down', 'Enter');
    await me.answer('Which Auto Scaling group?', 'shop-app');
    await me.answer('At which port do they answer?');
    await me.answer('In which VPC do the nodes stand?', 'vpc-0aaa1111');
    await me.answer('In which subnets is the load balancer?', 'subnet-0aa00001');
    await me.reads('two zones at least: one can fail');
    me.type(' subnet-0bb00001');
    me.press('Enter');
    await me.answer('In which subnets are the nodes?');
    await me.answer('Does the load balancer keep its addresses?');
    await me.answer('Which certificate of ACM?', arn);
    await me.answer('Which zone of Route 53 is to lead here?');
    await me.answer('Which SNS topic do its alarms tell?');
    await me.reads('lbctl plan tells what lbctl up would do about it.');
    await me.answer('Is this right?');
    expect(await me.ended()).toBe(0);
    const { stdout } = await lbctl(['config', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      balancer: {
        upstreams: { web: { discover: { autoscaling_group: { name: 'shop-app' }, port: 8080 } } },
        ec2: { vpc: { id: 'vpc-0aaa1111' } },
        listeners: { https: { tls: { acm: [arn] } } },
      },
    });
  });
});
