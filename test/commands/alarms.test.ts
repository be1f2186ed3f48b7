import { describe, expect, it } from 'vitest';
import type { Fault } from '../fake-aws/faults.ts';
import { cloudWatch } from '../fake-aws/cloudwatch/service.ts';
import { elasticLoadBalancing, type FakeBalancer } from '../fake-aws/elastic-load-balancing/service.ts';
import { type FakeAws, startFakeAws } from '../fake-aws/server.ts';
import { type FakeTopic, sns } from '../fake-aws/sns/service.ts';
import { lbctl, type Run } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';

const SHOP: FakeBalancer = { name: 'shop', region: 'us-east-1', zones: ['us-east-1a'], groups: ['web'] };
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:ops';
const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';

const yaml = (alarms: string): string =>
  `name: shop\nlisteners: { http: { port: 80 } }\nroutes: [{ paths: { /: { respond: { body: ok } } } }]\n${alarms === '' ? '' : `alarms: ${alarms}\n`}`;
const FULL = `{ notify: ${TOPIC}, healthy: 2, lcus: 5, certificates: ["${CERTIFICATE}"], autoscaling_group: shop, instances: [i-0123456789abcdef0] }`;

interface Setting {
  readonly aws: FakeAws;
  run(alarms: string, ...args: string[]): Promise<Run>;
  names(): string[];
}

/** Topics with somebody who is told, but for what a test says. */
async function account(topics: readonly FakeTopic[] = []): Promise<Setting> {
  const told = [{ protocol: 'email', endpoint: 'ops@example.com' }] as const;
  const usual = [TOPIC, TOPIC.replace(/ops$/u, 'closed'), TOPIC.replace('us-east-1', 'eu-west-1')]
    .filter((arn) => topics.every((topic) => topic.arn !== arn))
    .map((arn) => ({ arn, subscriptions: told }));
  const aws = await startFakeAws([elasticLoadBalancing([SHOP]), cloudWatch([]), sns([...usual, ...topics])]);
  const cwd = await temporaryFolder();
  return {
    aws,
    async run(alarms, ...args) {
      await writeFiles(cwd, { 'lb.yaml': yaml(alarms) });
      return lbctl(['alarms', ...args], {
        cwd,
        env: { ...aws.env, AWS_REGION: 'us-east-1', AWS_MAX_ATTEMPTS: '1' },
      });
    },
    names: () => (aws.inventory()['monitoring'] as { name: string }[]).map(({ name }) => name),
  };
}

const SMALL = [
  'lbctl/shop/critical',
  'lbctl/shop/no-healthy-host/web',
  'lbctl/shop/port-allocation-errors',
  'lbctl/shop/rejected-flows',
  'lbctl/shop/target-resets',
  'lbctl/shop/unhealthy-hosts/web',
  'lbctl/shop/warning',
];

describe('lbctl alarms', () => {
  it('makes, keeps, changes and removes them', async () => {
    const { aws, run, names } = await account();
    const planned = await run(`{ notify: ${TOPIC} }`, 'plan', '--check');
    expect(planned.code).toBe(1);
    expect(planned.stdout).toContain(`  +   alarm lbctl/shop/rejected-flows
        Maximum of RejectedFlowCount at least 1 in 2 of 3 times 1m
`);
    expect(planned.stdout).toContain(`  +   composite alarm lbctl/shop/critical
        when one of 3 goes off
        tells ${TOPIC}
`);
    expect(planned.stderr).toBe('1.50 USD a month for all of them, beyond the ten alarms that are free\n');
    expect(aws.changes()).toEqual([]);

    expect(await run(`{ notify: ${TOPIC} }`, 'apply', '--yes')).toMatchObject({ code: 0 });
    expect(names()).toEqual(SMALL);

    const before = aws.changes().length;
    const again = await run(`{ notify: ${TOPIC} }`, 'apply', '--yes', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false, steps: [] });
    expect(aws.changes()).toHaveLength(before);

    const fuller = await run(FULL, 'apply', '--yes');
    expect(fuller.stderr).toContain('threshold: less than 1 becomes less than 2');
    expect(names()).toEqual([
      'lbctl/shop/capacity-units',
      'lbctl/shop/certificate/12345678-1234-1234-1234-123456789012',
      'lbctl/shop/critical',
      'lbctl/shop/no-healthy-host/web',
      'lbctl/shop/node-cpu/shop',
      'lbctl/shop/port-allocation-errors',
      'lbctl/shop/reboot/i-0123456789abcdef0',
      'lbctl/shop/recover/i-0123456789abcdef0',
      ...SMALL.slice(3),
    ]);
    expect(await run(FULL, 'plan', '--check')).toMatchObject({ code: 0 });

    await run(`{ notify: ${TOPIC} }`, 'apply', '--yes');
    expect(names()).toEqual(SMALL);
    expect(await run(`{ notify: ${TOPIC} }`, 'remove', '--yes')).toMatchObject({ code: 0 });
    expect(names()).toEqual([]);
  });

  it('leaves those of others alone, and of balancers whose names begin alike', async () => {
    const { aws, run, names } = await account();
    await run(`{ notify: ${TOPIC} }`, 'apply', '--yes');
    const cwd = await temporaryFolder();
    await writeFiles(cwd, {
      'lb.yaml': yaml(`{ notify: ${TOPIC}, balancer: shop }`).replace('name: shop', 'name: shop-api'),
    });
    const env = { ...aws.env, AWS_REGION: 'us-east-1' };
    await lbctl(['alarms', 'apply', '--yes'], { cwd, env });
    await run(`{ notify: ${TOPIC} }`, 'remove', '--yes');
    expect(names()).toEqual(SMALL.map((name) => name.replace('/shop/', '/shop-api/')));
  });

  it('lists them, those that are off first, and sets one off as a test', async () => {
    const { aws, run } = await account();
    expect((await run(`{ notify: ${TOPIC} }`, 'list')).stdout).toBe(
      'shop has no alarms: lbctl alarms apply makes them\n',
    );
    expect(await run(`{ notify: ${TOPIC} }`, 'test', '--yes')).toMatchObject({ code: 3 });
    await run(`{ notify: ${TOPIC} }`, 'apply', '--yes');
    expect(await run(`{ notify: ${TOPIC} }`, 'test', 'rejected-flow', '--yes')).toMatchObject({
      code: 2,
      stderr: 'error: shop has no alarm rejected-flow\nhint: did you mean rejected-flows?\n',
    });
    const tested = await run(`{ notify: ${TOPIC} }`, 'test', 'rejected-flows', '--yes', '--json');
    expect(JSON.parse(tested.stdout)).toMatchObject({
      alarm: 'lbctl/shop/rejected-flows',
      told: [`Successfully executed action ${TOPIC}`],
    });
    const { stdout } = await run(`{ notify: ${TOPIC} }`, 'list');
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/^off +rejected-flows +since \d{4}-/u),
      '         A test by lbctl: nothing is wrong.',
      expect.stringMatching(/^off +critical +since \d{4}-/u),
    ]);
    expect(await run(`{ notify: ${TOPIC} }`, 'test', '--yes')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('lbctl/shop/critical is off already'),
    });
    expect(aws.changes().filter(({ operation }) => operation === 'SetAlarmState')).toHaveLength(1);
  });

  it('tells of a topic that refuses', async () => {
    const { run } = await account();
    const closed = `{ notify: ${TOPIC.replace(/ops$/u, 'closed')} }`;
    await run(closed, 'apply', '--yes');
    const { code, stderr } = await run(closed, 'test', '--yes');
    expect(code).toBe(3);
    expect(stderr).toContain('lbctl/shop/critical has told nobody: Failed to execute action');
  });

  it.each<[string, FakeTopic['subscriptions'], string, object]>([
    [
      'nobody is subscribed',
      [],
      `! nobody is subscribed to ${TOPIC}, so that alarms tell nobody\n  aws sns subscribe --region us-east-1 --topic-arn ${TOPIC} --protocol email`,
      { confirmed: 0, pending: 0 },
    ],
    [
      'nobody has confirmed it',
      [{ protocol: 'email', endpoint: 'ops@example.com', confirmed: false }],
      `! nobody has confirmed a subscription to ${TOPIC}, so that alarms tell nobody: email ops@example.com\n`,
      { confirmed: 0, pending: 1 },
    ],
  ])('tell where %s', async (_, subscriptions, text, counts) => {
    const { aws, run } = await account([{ arn: TOPIC, subscriptions }]);
    const alarms = `{ notify: ${TOPIC} }`;
    const planned = await run(alarms, 'plan', '--json');
    expect(planned.stderr).toContain(text);
    expect(JSON.parse(planned.stdout)).toMatchObject({ topics: [{ topic: TOPIC, ...counts }] });
    expect((await run(alarms, 'apply', '--yes')).stderr).toContain(text);
    expect((await run(alarms, 'list')).stderr).toContain(text);
    const tested = await run(alarms, 'test', '--yes');
    expect(tested).toMatchObject({ code: 3, stderr: expect.stringContaining(text.slice(2).split('\n')[0]!) });
    expect(aws.changes().map(({ operation }) => operation)).not.toContain('SetAlarmState');
  });

  it('tell where there is no such topic', async () => {
    const { aws, run } = await account();
    const gone = TOPIC.replace(/ops$/u, 'gone');
    const text = `there is no topic ${gone}, so that alarms tell nobody\n`;
    const { stderr, code } = await run(`{ notify: ${gone} }`, 'apply', '--yes');
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(`! ${text}`) });
    expect(await run(`{ notify: ${gone} }`, 'test', '--yes')).toMatchObject({
      code: 3,
      stderr: `error: ${text}hint: aws sns create-topic --region us-east-1 --name gone\n`,
    });
    expect(aws.changes().map(({ operation }) => operation)).not.toContain('SetAlarmState');
  });

  it('go on where they may not see who is subscribed, and say so', async () => {
    const { aws, run } = await account();
    aws.allow(['elasticloadbalancing:*', 'monitoring:*']);
    const applied = await run(`{ notify: ${TOPIC} }`, 'apply', '--yes');
    expect(applied).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /! whether arn\S+ reaches anybody is not known: .*\n {2}allow sns:ListSubscriptionsByTopic to whoever runs lbctl/u,
      ),
    });
    const tested = await run(`{ notify: ${TOPIC} }`, 'test', '--yes', '--json');
    expect(JSON.parse(tested.stdout)).toMatchObject({
      told: [`Successfully executed action ${TOPIC}`],
      topics: [{ topic: TOPIC, confirmed: null, pending: null }],
    });
  });

  it('say who is told where somebody is', async () => {
    const { run } = await account();
    const applied = await run(`{ notify: ${TOPIC} }`, 'apply', '--yes');
    expect(applied.stderr).not.toContain('subscri');
    const { code, stderr } = await run(`{ notify: ${TOPIC} }`, 'test', '--yes');
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        'SNS has it, and hands it to email ops@example.com: look whether it arrives',
      ),
    });
  });

  it('leave alarms alone that are part of a stack, and show them', async () => {
    const { aws, run, names } = await account();
    await run(`{ notify: ${TOPIC} }`, 'apply', '--yes');
    const there = names();
    const before = aws.changes().length;
    const elsewhere = TOPIC.replace('us-east-1', 'eu-west-1');
    const cwd = await temporaryFolder();
    const write = (regions: string): Promise<void> =>
      writeFiles(cwd, {
        'lb.yaml': `${yaml(`{ notify: [${TOPIC}, ${elsewhere}] }`)}provider: ec2\nregions: ${regions}\n`,
      });
    const onEc2 = (...args: string[]): Promise<Run> =>
      lbctl(['alarms', ...args], { cwd, env: { ...aws.env, AWS_REGION: 'us-east-1' } });
    await write('[us-east-1, eu-west-1]');
    const note =
      'the alarms of shop are part of its stack: lbctl plan shows what would become of them, and lbctl up does it\n';
    expect(await onEc2('plan', '--check')).toMatchObject({ code: 0, stdout: note, stderr: '' });
    expect(await onEc2('apply', '--yes')).toMatchObject({ code: 0, stdout: '', stderr: note });
    expect(JSON.parse((await onEc2('apply', '--yes', '--json')).stdout)).toMatchObject({ changed: false });
    expect(await onEc2('remove', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('hint: take alarms out of lb.yaml, then lbctl up removes them'),
    });
    expect(aws.changes()).toHaveLength(before);
    expect(names()).toEqual(there);
    const listed = JSON.parse((await onEc2('list', '--json')).stdout) as {
      alarms: { name: string; region: string }[];
    };
    expect(listed.alarms.filter(({ region }) => region === 'us-east-1').map(({ name }) => name)).toEqual(
      expect.arrayContaining(there),
    );
    expect((await onEc2('list')).stdout).toMatch(/^us-east-1\nno data  /u);
    expect(await onEc2('test', '--yes')).toMatchObject({ code: 0 });
  });

  it.each<[string, string, string]>([
    ['nothing of alarms', '', 'lb.yaml says nothing of alarms'],
    [
      'a topic elsewhere',
      `{ notify: ${TOPIC.replace('us-east-1', 'eu-west-1')} }`,
      'and the alarms of shop are in us-east-1',
    ],
    ['a balancer that is not there', `{ notify: ${TOPIC}, balancer: shpo }`, 'hint: did you mean shop?'],
  ])('refuses %s', async (_, alarms, text) => {
    const { run } = await account();
    const { code, stderr } = await run(alarms, 'plan');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(text) });
  });

  it('says what is watched where no Region is named', async () => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { 'lb.yaml': yaml(`{ notify: ${TOPIC} }`) });
    const told = await lbctl(['alarms', 'plan'], { cwd, env: { AWS_REGION: '', HOME: cwd } });
    expect([told.code, told.stderr]).toEqual([
      2,
      'error: alarms watch the Network Load Balancer shop, and no Region is named where it could be found\n' +
        'hint: provider local makes none: name the Region of the one in front, export AWS_REGION=us-east-1, or its ARN: alarms: { balancer: ARN }\n',
    ]);
  });

  it.each<Fault>(['internal after', 'cut before'])(
    'comes to the same when a call was %s and it is run again',
    async (fault) => {
      for (const skip of [0, 6]) {
        const { aws, run, names } = await account();
        aws.fail({ fault, skip, when: ({ mutating }) => mutating });
        expect((await run(`{ notify: ${TOPIC} }`, 'apply', '--yes')).code).toBe(3);
        await run(`{ notify: ${TOPIC} }`, 'apply', '--yes');
        expect(names()).toEqual(SMALL);
      }
    },
  );
});
