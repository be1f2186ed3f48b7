import { beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../support/cli.ts';
import { type Ec2Life, ec2Life } from '../support/ec2-life.ts';
import { withoutHosts } from '../support/host.ts';
import { without } from '../support/tools.ts';

interface Keys {
  readonly nodes?: number;
  /** Further listeners, such as `, more: { port: 8080 }`. */
  readonly listeners?: string;
  /** A whole line on the top floor. */
  readonly more?: string;
}

const lbYaml = (body: string, { nodes = 2, listeners = '', more = '' }: Keys = {}): string => `name: shop
provider: ec2
regions: [eu-west-1]
ec2: { image: debian_12, nodes: ${nodes} }
listeners: { http: { port: 80 }${listeners} }
${more}
routes: [{ paths: { /: { respond: { body: "${body}" } } } }]
`;
const NOW = ['--yes', '--watch', '0'];
/** What nodes call themselves; clients of lbctl try again by other rules. */
const OF_NODES =
  /^(?:GetObject|CompleteLifecycleAction|RecordLifecycleActionHeartbeat|CreateLogStream|PutLogEvents)$/u;

describe.skipIf(withoutHosts() || without('nginx', 'curl', 'stream'))('on EC2', { timeout: 300_000 }, () => {
  let life: Ec2Life;
  beforeAll(async () => {
    life = await ec2Life();
  });
  const run = async (yaml: string, ...args: readonly string[]): Promise<Run> => {
    await life.write(yaml);
    return life.run(...args);
  };
  const listeners = (): string[] =>
    Object.keys(life.account.cloud.inventory()[0]!.resources).filter((name) => name.startsWith('Listener'));

  test('S3 that takes no release is told with what is to be allowed, and the stack goes on with the next run', async () => {
    const denied = life.account.aws.fail({ operation: 'PutObject', fault: 'denied', times: Infinity });
    const failed = await run(lbYaml('one'), 'up', ...NOW);
    denied.stop();
    expect(failed.code).toBe(4);
    expect(failed.stderr).toMatch(
      /✗ eu-west-1: brings up the stack lbctl-shop\nerror: cannot write .* in the bucket lbctl-shop-releases-\d+ in eu-west-1: .*\(AccessDenied, request [\w-]+\)\nhint: allow s3:PutObject/u,
    );
  });

  test('a first release that no node can serve is told with their log, and the next run brings another one', async () => {
    const bad = await run(lbYaml('bad', { more: 'snippets: { server: "retrun 204;" }' }), 'up', ...NOW);
    expect([bad.code, bad.stderr]).toEqual([
      3,
      expect.stringMatching(
        /error: no node of lbctl-shop-Nodes-\d+ in eu-west-1 comes into service: i-\d+ gave itself up, as it cannot serve the release\n {2}\| \d+ more gave themselves up since this run began\nhint: its log tells why: aws logs tail lbctl-shop-Log-\d+ --since 2h --region eu-west-1 --log-stream-names i-\d+;/u,
      ),
    ]);
    expect((await life.run('status')).stdout).toContain('shop (ec2) does not run');
    const good = await run(lbYaml('zero'), 'up', ...NOW);
    expect([good.code, life.reach(80)]).toEqual([0, ['zero', 'zero']]);
  });

  test('services that throttle every call at first are asked again, and nobody notices', async () => {
    const throttled = life.account.aws.fail({
      fault: 'throttled',
      times: Infinity,
      when: ({ attempt, operation }) => attempt === 1 && !OF_NODES.test(operation),
    });
    const up = await run(lbYaml('one'), 'up', ...NOW);
    expect([up.code, life.reach(80)]).toEqual([0, ['one', 'one']]);
    const changed = await run(lbYaml('two', { listeners: ', more: { port: 8080 }' }), 'up', ...NOW);
    throttled.stop();
    expect([changed.code, life.reach(8080)]).toEqual([0, ['two', 'two']]);
    expect(throttled.count()).toBeGreaterThan(50);
  });

  test('services that go on throttling are told, with what to do', async () => {
    const throttled = life.account.aws.fail({
      operation: 'DescribeStacks',
      fault: 'throttled',
      times: Infinity,
    });
    const { code, stderr } = await life.run('plan');
    throttled.stop();
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('hint: others use the account at the same time'),
    ]);
  });

  test('commands that may not be sent are told once, not for each node', async () => {
    const denied = life.account.aws.fail({ operation: 'SendCommand', fault: 'denied', times: Infinity });
    const { code, stderr } = await run(lbYaml('three'), 'deploy', ...NOW);
    denied.stop();
    expect([code, stderr.match(/not authorized to perform: ssm:SendCommand/gu)?.length]).toEqual([4, 1]);
    expect(stderr).toContain('hint: allow ssm:SendCommand to whoever runs lbctl');
    expect(life.reach(80)).toEqual(['two', 'two']);
  });

  test('a release that NGINX refuses keeps up from changing the stack', async () => {
    const refused = await run(
      lbYaml('bad', { listeners: ', other: { port: 8081 }', more: 'snippets: { server: "retrun 204;" }' }),
      'up',
      ...NOW,
    );
    expect([refused.code, listeners()]).toEqual([3, ['Listener80', 'Listener8080']]);
    expect(refused.stderr).toContain('unknown directive "retrun"');
    expect(life.reach(8080)).toEqual(['two', 'two']);
  });

  test('a way back that fails is told with what can be left out, and is gone to its end by the next run', async () => {
    const { cloud } = life.account;
    cloud.failResource('Nodes', 'update', 'Something is wrong.');
    cloud.failResource('Nodes', 'rollback', 'It still is.', 2);
    const bigger = lbYaml('two', { listeners: ', more: { port: 8080 }', nodes: 3 });
    const failed = await run(bigger, 'up', ...NOW);
    expect([failed.code, failed.stderr]).toEqual([
      3,
      expect.stringMatching(
        /error: cannot change the stack lbctl-shop in eu-west-1: Nodes \(AutoScaling::AutoScalingGroup\) failed: Something is wrong\n {2}\| it is UPDATE_ROLLBACK_FAILED now\n.*\nhint: mend what it says/u,
      ),
    ]);
    expect((await life.run('status')).stdout).toContain(
      'is UPDATE_ROLLBACK_FAILED: lbctl up brings it up from there',
    );
    const stuck = await run(bigger, 'up', ...NOW);
    expect(stuck.stderr).toContain('error: cannot take back the stack lbctl-shop in eu-west-1: Nodes');
    expect(stuck.stderr).toContain('--resources-to-skip Nodes\n');
    const up = await run(bigger, 'up', ...NOW);
    expect([up.code, life.reach(8080)]).toEqual([0, ['two', 'two', 'two']]);
  });

  test('nodes that cannot boot are told with their log, and the fleet is as it was', async () => {
    const denied = life.account.aws.fail({
      operation: 'GetObject',
      fault: 'denied',
      times: Infinity,
      when: ({ input }) => (input as { key: string }).key.startsWith('scripts/'),
    });
    const up = await run(lbYaml('two', { listeners: ', more: { port: 8080 }', nodes: 4 }), 'up', ...NOW);
    denied.stop();
    expect(up.stderr).toMatch(/a launch failed: i-\d+ gave itself up, as it cannot serve the release/u);
    expect(up.stderr).toMatch(
      /! eu-west-1: only 3 of 4 nodes are in service; it goes on with these: its log tells why: aws logs tail lbctl-shop-Log-\d+ --since 2h --region eu-west-1 --log-stream-names i-\d+/u,
    );
    expect([up.code, life.reach(8080)]).toEqual([0, ['two', 'two', 'two']]);
    await life.booted();
    const again = await run(lbYaml('three', { listeners: ', more: { port: 8080 }', nodes: 4 }), 'up', ...NOW);
    expect([again.code, life.reach(8080)]).toEqual([0, ['three', 'three', 'three', 'three']]);
  });
});
