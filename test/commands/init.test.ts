import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { atEnd } from '../support/lifetime.ts';
import { freePort } from '../support/ports.ts';

/** Runs init where there is no terminal. */
async function init(cwd: string, ...flags: string[]) {
  return lbctl(['init', ...flags], { cwd, env: { AWS_REGION: '', AWS_DEFAULT_REGION: '', AWS_PROFILE: '' } });
}

const SERVER = ['--server', '127.0.0.1:1'];
/** What nothing is written for, so that the server is not tried. */
const FLEET = ['--server', '10.1.4.11:8080', '--provider', 'ec2', '--region', 'eu-west-1'];

test('an lb.yaml of flags and defaults is written, and is a good one', async () => {
  const cwd = await temporaryFolder();
  const run = await init(
    cwd,
    ...SERVER,
    '--name',
    'shop',
    '--host',
    'shop.example.com',
    '--path',
    '/api/=20r/s',
  );
  expect(run).toMatchObject({ code: 0, stdout: '' });
  expect(run.stderr).toContain('✓ wrote lb.yaml\n\nNext:\n  lbctl plan ');
  expect(run.stderr).toContain("curl -H 'Host: shop.example.com' http://127.0.0.1:8080/");
  expect(readdirSync(cwd)).toEqual(['lb.yaml']);
  const config = await lbctl(['config', '--json'], { cwd });
  expect(JSON.parse(config.stdout)).toMatchObject({
    balancer: {
      name: 'shop',
      provider: 'local',
      listeners: { http: { port: 8080 } },
      upstreams: { web: { servers: [{ address: '127.0.0.1:1' }] } },
      routes: [
        { host: ['shop.example.com'], paths: { '/api/': { rate_limit: { rate: '20r/s' } }, '/': {} } },
      ],
    },
  });
  expect(await lbctl(['lint', 'lb.yaml'], { cwd })).toMatchObject({ code: 0, stdout: '' });
});

test('answers that have no default are asked for by their flags, all of them at once', async () => {
  const cwd = await temporaryFolder();
  expect(await init(cwd)).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr:
      'error: --server <address> is missing: a server that requests go to, such as 10.0.0.11:8080\n' +
      'hint: give them by these flags, or run lbctl init on a terminal, where it asks\n',
  });
  const many = await init(cwd, '--yes', '--provider', 'lightsail', '--host', 'shop.example.com');
  expect(many).toMatchObject({ code: 2, stdout: '' });
  for (const flag of ['--region <name>', '--ssh-from <address>', '--server <address>', '--email <address>'])
    expect(many.stderr).toContain(`| ${flag}: `);
  expect(readdirSync(cwd)).toEqual([]);
});

test.each([
  [['--port', '99999'], '--port: "99999" must be a whole number from 1 to 65535'],
  [
    ['--provider', 'lightsial'],
    '--provider: "lightsial" must be local, ssh, lightsail or ec2; did you mean lightsail?',
  ],
  [['--server', '10.0.0.1'], '--server: 10.0.0.1 has no port; write 10.0.0.1:80 if that is meant'],
  [['--https', 'acme'], '--https: certificates are for host names, and none is named (--host)'],
  [['--path', 'api=20r/s'], '--path: "api" must be a path such as /api/'],
  [
    ['--server', 'http://10.0.0.1:8080'],
    '--server: "http://10.0.0.1:8080" must be an address and a port such as 10.0.0.11:8080, [2001:db8::1]:8080, app.internal:8080 or unix:/run/app.sock; did you mean 10.0.0.1:8080?',
  ],
  [
    ['--server', '10.0.0.1:99999'],
    '--server: "10.0.0.1:99999" must be an address and a port such as 10.0.0.11:8080, [2001:db8::1]:8080, app.internal:8080 or unix:/run/app.sock; ports go from 1 to 65535',
  ],
  [
    ['--host', 'http://shop.example.com'],
    '--host: "http://shop.example.com" must be a host name such as shop.example.com or *.example.com; did you mean shop.example.com?',
  ],
  [['--path', '/api/=20'], '--path: "20" must be a rate such as 20r/s or 300r/m; with a unit: 20r/s'],
  [
    ['--path', '/api/ 20r/s'],
    '--path: "/api/ 20r/s" must be a path such as /api/; did you mean /api/=20r/s?',
  ],
  [['--path', '/api/ fast'], '--path: "/api/ fast" must be a path such as /api/\n'],
  [
    ['--https', 'files', '--certificate', 'a.pem', '--key', '/etc/a.key'],
    '--certificate: there is no file a.pem\nhint: ',
  ],
  [[...FLEET, '--host', 'a.example.com', '--acm', ''], '--acm: name one certificate at least; while there'],
  [['--email', 'ops@example.com'], '--email says something with --https acme alone'],
  [['--node', 'lb1'], '--node says something with --provider ssh alone'],
  [['--notify', 'ops'], '--notify: "ops" must be the ARN of an SNS topic'],
  [['--vpc', 'new'], '--vpc says something with --provider ec2 alone'],
  [['--https', 'acm'], '--https: certificates of ACM are for the load balancer of ec2 alone'],
  [['--provider', 'ec2', '--region', 'eu-west-1'], '--server: 127.0.0.1:1 is the node itself'],
  [
    [...FLEET, '--port', '19099'],
    '--port: port 19099 of nodes tells the load balancer whether they are alive',
  ],
  [[...FLEET, '--https', 'acme', '--host', 'a.example.com'], '--https: nodes of ec2 come and go'],
  [[...FLEET, '--host', 'a.example.com'], '--acm <arn> is missing: certificate of ACM'],
  [[...FLEET, '--vpc', 'vpc-0abc1234'], '--public-subnet <id> is missing: a subnet of the load balancer'],
  [[...FLEET, '--vpc', 'default'], '--vpc: "default" must be new, or the ID of a VPC'],
  [[...FLEET, '--vpc-cidr', '10.1.0.0/16'], '--vpc-cidr: 10.1.4.11 is in it'],
  [
    [...FLEET, '--private-subnet', 'subnet-0abc1234'],
    '--private-subnet says something with --vpc with the ID',
  ],
  [[...FLEET, '--instances', 'many'], '--instances: "many" must be a whole number from 1 to 200'],
])('%j is refused', async (flags, says) => {
  const cwd = await temporaryFolder();
  const run = await init(cwd, ...(flags[0] === '--server' ? [] : SERVER), ...flags);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(`error: ${says}`);
  expect(readdirSync(cwd)).toEqual([]);
});

test('on EC2 flags and defaults make a template, whatever the VPC', async () => {
  const cwd = await temporaryFolder();
  const acm = 'arn:aws:acm:eu-west-1:111122223333:certificate/0f3c';
  const flags = [
    '--provider',
    'ec2',
    '--region',
    'eu-west-1',
    '--name',
    'shop',
    '--server',
    `${hostname()}:1`,
  ];
  const web = ['--host', 'shop.example.com', '--acm', acm, '--zone', 'example.com'];
  const made = await init(cwd, ...flags, ...web, '--json');
  expect(JSON.parse(made.stdout)).toMatchObject({
    answers: {
      fleet: { nodes: { min: 2, max: 2 }, network: { made: true, nat: 'per_zone' }, staticIps: true },
    },
    next: ['lbctl plan', 'lbctl up', 'lbctl status'],
  });
  const template = await lbctl(['generate', '--target', 'cloudformation'], { cwd });
  expect(template.stdout).toContain(acm);
  expect(template.stdout).toContain('AWS::EC2::NatGateway');
  const subnets = ['--public-subnet', 'subnet-0aaa1111,subnet-0aaa2222'];
  const vpc = ['--vpc', 'vpc-0abc1234', ...subnets, '--instances', '2-6', '--replace', '--json'];
  const there = await init(cwd, ...flags, ...web, ...vpc);
  expect(JSON.parse(there.stdout)).toMatchObject({ files: [{ action: 'replace' }] });
  const config = await lbctl(['config', '--json'], { cwd });
  expect(JSON.parse(config.stdout)).toMatchObject({
    balancer: {
      ec2: {
        nodes: { min: 2, max: 6 },
        vpc: { id: 'vpc-0abc1234', public_subnets: ['subnet-0aaa1111', 'subnet-0aaa2222'] },
      },
    },
  });
});

test('a certificate that is not there is told, and nothing is written', async () => {
  const cwd = await temporaryFolder();
  const run = await init(cwd, ...SERVER, '--https', 'files', '--certificate', 'a.pem', '--key', 'a.key');
  expect(run).toMatchObject({ code: 2 });
  expect(run.stderr).toContain(
    'error: files are missing\n  | --certificate: there is no file a.pem\n  | --key: there is no file a.key\n',
  );
  expect(run.stderr).not.toContain('lb.yaml:');
  expect(readdirSync(cwd)).toEqual([]);
});

describe('a file that is there', () => {
  test('is shown as a diff, and kept', async () => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { 'lb.yaml': 'name: mine\n' });
    const run = await init(cwd, ...SERVER, '--yes');
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toContain('| -name: mine');
    expect(run.stderr).toContain('hint: --replace has it replaced');
    expect(readFileSync(join(cwd, 'lb.yaml'), 'utf8')).toBe('name: mine\n');
  });

  test('is replaced with --replace, and left alone where nothing would change', async () => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { 'lb.yaml': 'name: mine\n' });
    const first = await init(cwd, ...SERVER, '--replace', '--json');
    expect(JSON.parse(first.stdout)).toMatchObject({ files: [{ path: 'lb.yaml', action: 'replace' }] });
    const again = await init(cwd, ...SERVER, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ files: [{ path: 'lb.yaml', action: 'keep' }] });
  });
});

test('servers are tried, which is told and hinders nothing', async () => {
  const cwd = await temporaryFolder();
  const server = createServer().listen(await freePort(), '127.0.0.1');
  atEnd(async () => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { stdout } = await init(cwd, ...SERVER, '--server', `127.0.0.1:${port}`, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    file: 'lb.yaml',
    servers: [
      { address: '127.0.0.1:1', reachable: false, trouble: 'nobody listens there' },
      { address: `127.0.0.1:${port}`, reachable: true, trouble: null },
    ],
    next: ['lbctl plan', 'lbctl up', 'curl http://127.0.0.1:8080/'],
  });
});

test.each([
  [['--provider', 'ec2'], '10.1.4.11', 'not tried, as nodes of a new VPC reach it by peering alone'],
  [
    ['--provider', 'ec2', '--vpc', 'vpc-0abc1234', '--public-subnet', 'subnet-0aaa1111,subnet-0aaa2222'],
    '10.1.4.11',
    'not tried, as nodes reach it from their VPC, or by peering',
  ],
  [
    ['--provider', 'lightsail', '--ssh-from', '203.0.113.7'],
    '[fd00::1]',
    'not tried, as instances reach it in Lightsail, or by peering of its VPC',
  ],
  [
    ['--provider', 'lightsail', '--ssh-from', '203.0.113.7'],
    '127.0.0.1',
    'not tried, as it is the node itself',
  ],
])('%j: what nodes alone can tell of %s is not tried', async (flags, host, trouble) => {
  const cwd = await temporaryFolder();
  const all = ['--region', 'eu-west-1', '--server', `${host}:8080`, ...flags];
  const { stdout } = await init(cwd, ...all, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    servers: [{ address: `${host}:8080`, reachable: null, trouble }],
  });
  const told = await init(cwd, ...all, '--yes');
  expect(told.stderr.split('\n')[0]).toBe(`· ${host}:8080: ${trouble}`);
  expect(told.stderr).not.toContain('From this machine and now');
});

test('records of a single instance of Lightsail are simple ones', async () => {
  const cwd = await temporaryFolder();
  const place = ['--provider', 'lightsail', '--region', 'eu-west-1', '--ssh-from', '203.0.113.7'];
  const web = ['--host', 'shop.example.com', '--https', 'none', '--zone', 'example.com'];
  const dnsOf = async (...more: string[]): Promise<unknown> => {
    await init(cwd, ...SERVER, ...place, ...web, '--replace', ...more);
    const { stdout } = await lbctl(['config', '--json'], { cwd });
    return (JSON.parse(stdout) as { readonly balancer: { readonly dns: unknown } }).balancer.dns;
  };
  expect(await dnsOf()).toMatchObject({ policy: 'simple', answers: ['eu-west-1'] });
  expect(await dnsOf('--instances', '2')).toMatchObject({ policy: 'latency' });
});

test('the hook goes to the top of the repository', async () => {
  const top = await temporaryFolder();
  execFileSync('git', ['init', '--quiet'], { cwd: top });
  await writeFiles(top, {
    'balancers/shop/x': '',
    '.pre-commit-config.yaml': 'repos:\n  - repo: meta\n    hooks: []\n',
  });
  const cwd = join(top, 'balancers/shop');
  const { stdout } = await init(cwd, ...SERVER, '--pre-commit', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    files: [
      { path: 'lb.yaml', action: 'create' },
      { path: '../../.pre-commit-config.yaml', action: 'add' },
    ],
  });
  expect(readFileSync(join(top, '.pre-commit-config.yaml'), 'utf8')).toMatch(
    /^repos:\n {2}- repo: meta\n {4}hooks: \[\]\n {2}- repo: local\n[^]*entry: lbctl lint/u,
  );
  const again = await init(cwd, ...SERVER, '--pre-commit');
  expect(again.stderr).toContain('✓ the check is in place already: ../../.pre-commit-config.yaml\n');
  expect(again.stderr).toMatch(/\n {2}pre-commit install +have git run the check\n$/u);
});

test('a file that cannot be written is named, and not the one that would have been beside it', async () => {
  const cwd = await temporaryFolder();
  const run = await init(cwd, ...SERVER, '--file', 'nowhere/lb.yaml');
  expect(run.code).toBe(3);
  expect(run.stderr).toContain(
    `error: cannot write lb.yaml in ${join(cwd, 'nowhere')}: there is no such folder\nhint: `,
  );
  expect(run.stderr).not.toContain('.lbctl-');
});

test('on this machine the comment beside the port says who reaches it', async () => {
  const cwd = await temporaryFolder();
  await init(cwd, ...SERVER);
  const text = readFileSync(join(cwd, 'lb.yaml'), 'utf8').replaceAll(/\n#/gu, '');
  expect(text).toContain('on all addresses of this machine (0.0.0.0); with address: 127.0.0.1 beside a port');
});

test('commands that miss an lb.yaml name init', async () => {
  const cwd = await temporaryFolder();
  const run = await lbctl(['plan'], { cwd });
  expect(run.stderr).toContain('hint: lbctl init asks a few questions and writes one');
  expect(existsSync(join(cwd, 'lb.yaml'))).toBe(false);
});
