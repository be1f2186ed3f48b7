import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeAutoScaling } from '../fake-aws/auto-scaling/service.ts';
import { elasticLoadBalancing } from '../fake-aws/elastic-load-balancing/service.ts';
import { fakeLightsail } from '../fake-aws/lightsail/lightsail.ts';
import { json } from '../fake-aws/protocols/json.ts';
import { fakeRoute53 } from '../fake-aws/route53/service.ts';
import { startFakeAws } from '../fake-aws/server.ts';
import { defineService } from '../fake-aws/service.ts';
import { sns } from '../fake-aws/sns/service.ts';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { atEnd } from '../support/lifetime.ts';
import { freePort } from '../support/ports.ts';
import { cutWords } from '../support/rows.ts';
import { without } from '../support/tools.ts';
import { typist } from '../support/typist.ts';

/** A group of Auto Scaling. */
const groupOf = (name: string) => ({
  name,
  region: 'eu-west-1',
  min: 1,
  max: 1,
  desired: 1,
  tags: {},
  instances: [],
});

/** Nothing speaks for AWS. */
const env = { HOME: '/dev/null', AWS_REGION: '', AWS_PROFILE: '', AWS_ACCESS_KEY_ID: '' };

/** A server that takes connections. */
async function listening(): Promise<string> {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  atEnd(async () => void server.close());
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe.skipIf(without('tmux', 'nginx'))('at a terminal', () => {
  test('three servers, a host name and a rate limit on /api/: from question to question, back, and to the end', async () => {
    const cwd = await temporaryFolder();
    const me = await typist(['init'], { cwd, env });
    const [one, two] = [await listening(), await listening()];
    await me.answer('Where is the balancer to run?');
    await me.answer('What is it called?', 'Shop');
    await me.reads('"Shop" must be 2 to 32 lower-case letters');
    me.press('BSpace', 'BSpace', 'BSpace', 'BSpace');
    me.type('shop');
    me.press('Enter');
    await me.answer('Which servers are behind it?', `${one} ${two} 127.0.0.1:1`);
    await me.reads(`✓ ${two} takes connections from this machine`);
    await me.reads('! 127.0.0.1:1: nobody listens there');
    await me.answer('Which host names does it answer?', 'shop.example.org');
    // that was wrong: back, where the answer stands to be changed
    await me.reads('? Is it reached by HTTPS?');
    me.press('Escape');
    await me.reads('? Which host names does it answer? shop.example.org');
    me.press('BSpace', 'BSpace', 'BSpace');
    me.type('com');
    me.press('Enter');
    await me.answer('Is it reached by HTTPS?');
    await me.answer('Which port takes HTTP?');
    await me.answer('A path with limits or servers of its own?', '/api/=20r/s');
    await me.answer('Another such path?');
    await me.reads('What lbctl up would do:');
    await me.reads('Plan: 1 to create, 0 to change, 0 to delete.');
    expect(readdirSync(cwd)).toEqual([]);
    // another port, without going back all the way
    await me.reads('? Is this right?');
    me.press('Down', 'Enter');
    await me.reads('? Which one?');
    me.press('Down', 'Down', 'Down', 'Down', 'Down', 'Enter');
    await me.reads('? Which port takes HTTP? 8080');
    me.press('BSpace');
    me.type('1');
    me.press('Enter');
    await me.answer('Is this right?');
    await me.reads("curl -H 'Host: shop.example.com' http://127.0.0.1:8081/");
    expect(await me.ended()).toBe(0);
    expect(readdirSync(cwd)).toEqual(['lb.yaml']);
    const { stdout } = await lbctl(['config', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      balancer: {
        name: 'shop',
        listeners: { http: { port: 8081 } },
        upstreams: { web: { servers: [{ address: one }, { address: two }, { address: '127.0.0.1:1' }] } },
        routes: [
          { host: ['shop.example.com'], paths: { '/api/': { rate_limit: { rate: '20r/s' } }, '/': {} } },
        ],
      },
    });
  });

  test('Ctrl-C and Ctrl-D leave nothing behind, at the first question and at the last', async () => {
    const cwd = await temporaryFolder();
    const first = await typist(['init'], { cwd, env });
    await first.reads('? Where is the balancer to run?');
    first.press('C-c');
    await first.reads('stopped; nothing was written');
    expect(await first.ended()).toBe(130);
    const flags = [
      '--provider',
      'local',
      '--name',
      'shop',
      '--server',
      '127.0.0.1:1',
      '--host',
      '',
      '--https',
      'none',
    ];
    const last = await typist(['init', ...flags, '--port', '8080', '--path', '/api/=20r/s'], { cwd, env });
    await last.reads('? Is this right?');
    last.press('C-d');
    await last.reads('stopped; nothing was written');
    expect(await last.ended()).toBe(130);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('a file that is there is shown as a diff, and kept unless somebody says otherwise', async () => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { 'lb.yaml': 'name: mine\n' });
    const flags = ['init', '--provider', 'local', '--name', 'shop', '--server', '127.0.0.1:1', '--host', ''];
    const rest = ['--https', 'none', '--port', '8080', '--path', '/api/=20r/s'];
    const me = await typist([...flags, ...rest], { cwd, env, columns: 40 });
    await me.reads('! lb.yaml is there already; what would');
    await me.answer('Is this right?');
    await me.reads('-name: mine');
    await me.answer('Replace the lb.yaml that is there?');
    await me.reads('nothing was written');
    expect(await me.ended()).toBe(130);
    expect(readFileSync(join(cwd, 'lb.yaml'), 'utf8')).toBe('name: mine\n');
    const again = await typist([...flags, ...rest], { cwd, env });
    await again.answer('Is this right?');
    await again.answer('Replace the lb.yaml that is there?', 'y');
    await again.reads('✓ replaced lb.yaml');
    expect(await again.ended()).toBe(0);
  });

  test('on a narrow terminal no word is cut, of what is asked, chosen, said and shown', async () => {
    const cwd = await temporaryFolder();
    const columns = 40;
    const me = await typist(['init'], { cwd, env, columns });
    await me.answer('Where is the balancer to run?');
    await me.answer('What is it called?', 'A Balancer For The Whole Shop');
    await me.reads('must be 2 to 32 lower-case letters');
    const complained = me.screen();
    me.press('C-u');
    me.type('shop');
    me.press('Enter');
    await me.answer('Which servers are behind it?', '127.0.0.1:1 127.0.0.1:2 127.0.0.1:3');
    await me.answer('Which host names does it answer?');
    await me.answer('Is it reached by HTTPS?');
    await me.answer('Which port takes HTTP?');
    await me.answer('A path with limits or servers of its own?');
    await me.reads('? Is this right?');
    me.press('Down', 'Enter');
    await me.reads('? Which one?');
    for (const screen of [complained, me.screen()]) expect(cutWords(screen, columns)).toEqual([]);
    expect(me.screen()).toMatch(/^! 127\.0\.0\.1:1: nobody/mu);
    me.press('C-c');
    expect(await me.ended()).toBe(130);
  });

  test('a certificate that is not there is told at once, and again at the end', async () => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { 'tls/shop.key': 'a key' });
    const flags = ['--provider', 'local', '--name', 'shop', '--server', '127.0.0.1:1', '--host', ''];
    const rest = ['--https', 'files', '--port', '8080', '--https-port', '8443', '--path', '/api/=20r/s'];
    const me = await typist(['init', ...flags, ...rest], { cwd, env });
    await me.answer('Where is the certificate?', 'tls/shop.pem');
    expect(await me.reads('! there is no file tls/shop.pem yet')).not.toContain('is there already');
    await me.answer('Where is its private key?', 'tls/shop.key');
    expect(await me.reads('? What now?')).not.toContain('no file tls/shop.key');
    me.press('C-c');
    expect(await me.ended()).toBe(130);
  });

  test('a flag that is wrong is told, and asked for', async () => {
    const cwd = await temporaryFolder();
    const me = await typist(['init', '--provider', 'lokal'], { cwd, env });
    await me.reads('! "lokal" must be local, ssh, lightsail or ec2; did you mean local?');
    await me.reads('❯ local');
    // lists go on at their other end
    me.press('Up');
    await me.reads('❯ ec2');
    me.press('Down', 'Enter');
    await me.reads('? What is it called?');
    me.press('C-c');
    expect(await me.ended()).toBe(130);
  });
});

describe.skipIf(without('tmux'))('with credentials', () => {
  async function account() {
    const running = { state: { name: 'running' }, networking: { ports: [] } };
    const lightsail = defineService({
      name: 'lightsail',
      protocol: json('Lightsail_20161128'),
      regions: ['eu-west-1'],
      inventory: () => ({}),
      operations: {
        GetInstances: {
          mutates: false,
          run: () => ({
            instances: [
              { ...running, name: 'web-1' },
              { ...running, name: 'web-2' },
              { ...running, name: 'old', state: { name: 'stopped' } },
            ],
          }),
        },
      },
      state: {},
    });
    const route53 = fakeRoute53();
    const balancing = elasticLoadBalancing([
      { name: 'front', region: 'eu-west-1', zones: ['eu-west-1a'], groups: [] },
    ]);
    const groups = fakeAutoScaling([groupOf('shop-app')]);
    const topics = sns([{ arn: 'arn:aws:sns:eu-west-1:111122223333:ops', subscriptions: [] }]);
    const aws = await startFakeAws([lightsail, route53, groups, balancing, topics]);
    return { aws, env: { ...aws.env, HOME: '/dev/null', AWS_REGION: 'eu-west-1' } };
  }

  test('what is there can be chosen: names of instances, the zone of the host, the load balancer', async () => {
    const cwd = await temporaryFolder();
    const { aws, env: variables } = await account();
    const me = await typist(['init', '--provider', 'ssh', '--node', 'lb1', '--name', 'shop'], {
      cwd,
      env: variables,
    });
    await me.reads(
      '· eu-west-1: 2 running instances, 1 Auto Scaling group, 1 Network Load Balancer, 1 SNS topic, 1 hosted zone',
    );
    await me.answer('How are the servers behind it known?');
    await me.answer('In which Regions of AWS?');
    await me.reads('web-*: finds web-1, web-2');
    await me.answer('What are their names?');
    await me.answer('At which port do they answer?');
    await me.answer('Which host names does it answer?', 'shop.example.com');
    await me.reads('? Is it reached by HTTPS?');
    me.press('Down', 'Down', 'Enter');
    await me.answer('Which port takes HTTP?');
    await me.answer('A path with limits or servers of its own?');
    await me.reads('example.com: shop.example.com');
    await me.answer('Which zone of Route 53 is to lead here?');
    await me.answer('By which addresses do clients reach it?', '203.0.113.7');
    await me.reads('? Is a Network Load Balancer in front');
    me.press('Up', 'Enter');
    await me.reads('❯ ops');
    await me.answer('Which SNS topic do its alarms tell?');
    await me.answer('Is this right?');
    expect(await me.ended()).toBe(0);
    const { stdout } = await lbctl(['config', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      balancer: {
        upstreams: { web: { discover: { lightsail: { name: 'web-*', region: 'eu-west-1' }, port: 8080 } } },
        dns: { zone: 'example.com', name: 'shop.example.com', policy: 'simple', answers: ['203.0.113.7'] },
        alarms: { balancer: 'front', notify: ['arn:aws:sns:eu-west-1:111122223333:ops'] },
      },
    });
    expect(aws.changes()).toEqual([]);
  });

  test('on Lightsail the end shows what will be made, and for how much', async () => {
    const cwd = await temporaryFolder();
    const aws = await startFakeAws([fakeLightsail(), fakeRoute53(), elasticLoadBalancing([])]);
    const flags = [
      '--name',
      'shop',
      '--region',
      'eu-west-1',
      '--instances',
      '2',
      '--ssh-from',
      '203.0.113.7',
    ];
    const rest = [
      '--server',
      '127.0.0.1:1',
      '--host',
      '',
      '--https',
      'none',
      '--port',
      '80',
      '--path',
      '/api/=20r/s',
    ];
    const me = await typist(['init', '--provider', 'lightsail', ...flags, ...rest], {
      cwd,
      env: { ...aws.env, HOME: '/dev/null' },
    });
    await me.answer('How are the servers behind it known?');
    await me.reads('+ instance shop-');
    await me.reads('USD a month');
    await me.answer('Is this right?');
    expect(await me.ended()).toBe(0);
    expect(aws.changes()).toEqual([]);
  });

  test('without credentials a single line says that nothing is listed', async () => {
    const cwd = await temporaryFolder();
    const flags = ['--provider', 'ec2', '--name', 'shop', '--region', 'eu-west-1', '--instances', '2'];
    const none = { AWS_SECRET_ACCESS_KEY: '', AWS_SHARED_CREDENTIALS_FILE: '', AWS_CONFIG_FILE: '' };
    const me = await typist(['init', ...flags], {
      cwd,
      env: { ...env, ...none, AWS_EC2_METADATA_DISABLED: 'true' },
    });
    await me.reads('· no AWS credentials here: nothing is listed to choose from, and all can be typed');
    expect(await me.reads('? Of which instance type?')).not.toContain('cannot list');
    me.press('C-c');
    expect(await me.ended()).toBe(130);
  });

  test('what may not be seen, or is not told, can be typed', async () => {
    const cwd = await temporaryFolder();
    const { aws, env: variables } = await account();
    aws.allow(['route53:ListHostedZonesByName', 'elasticloadbalancing:DescribeLoadBalancers']);
    const me = await typist(['init', '--provider', 'lightsail', '--name', 'shop', '--region', 'eu-west-1'], {
      cwd,
      env: variables,
    });
    await me.reads('cannot list the instances of Lightsail');
    await me.reads('you can type what it would list');
    me.press('C-c');
    expect(await me.ended()).toBe(130);
  });
});
