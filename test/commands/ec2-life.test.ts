import type { ChildProcess } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { lbctl, type Run } from '../support/cli.ts';
import { type Ec2Life, ec2Life } from '../support/ec2-life.ts';
import { withoutHosts } from '../support/host.ts';
import { without } from '../support/tools.ts';

const LISTENERS = { one: 'http: { port: 80 }', two: 'http: { port: 80 }, more: { port: 8080 }' };
const lbYaml = (body: string, { nodes = 2, listeners = LISTENERS.one, more = '' } = {}): string => `name: shop
provider: ec2
regions: [eu-west-1]
ec2: { image: debian_12, nodes: ${nodes} }
listeners: { ${listeners} }
${more}
routes: [{ paths: { /: { respond: { body: "${body}" } } } }]
`;
const NOW = ['--yes', '--watch', '0'];

describe.skipIf(withoutHosts() || without('nginx', 'curl', 'stream'))('a fleet on EC2', () => {
  let life: Ec2Life;
  const run = async (yaml: string, ...args: readonly string[]): Promise<Run> => {
    await life.write(yaml);
    return life.run(...args);
  };
  beforeAll(async () => {
    life = await ec2Life();
  });
  /** What is there that clients depend on. */
  const entrance = (): string[] =>
    Object.entries(life.account.cloud.inventory()[0]!.resources)
      .filter(([, { type }]) => /Listener$|TargetGroup$|::EIP$|LaunchTemplate$|LoadBalancer$/u.test(type))
      .map(([name]) => name)
      .toSorted();
  const pointer = (): string => {
    const [bucket] = life.account.s3.state().buckets;
    return JSON.parse(life.account.s3.content(bucket!.name, 'current')!.toString()).release as string;
  };

  test('comes from nothing, with two nodes that serve', async () => {
    const up = await run(lbYaml('one'), 'up', ...NOW);
    expect([up.code, (await life.booted()).map(({ code }) => code)]).toEqual([0, [0, 0]]);
    expect(up.stderr).toMatch(/clients reach it at 203\.0\.113\.\d+, 203\.0\.113\.\d+ \(lbctl-shop/u);
    expect(life.reach(80)).toEqual(['one', 'one']);
    expect(entrance()).toMatchInlineSnapshot(`
      [
        "AddressA",
        "AddressB",
        "LaunchTemplate",
        "Listener80",
        "LoadBalancer",
        "NatAddressA",
        "NatAddressB",
        "Targets80",
      ]
    `);
  });

  test('is left alone where nothing differs', async () => {
    const [changes, release] = [life.account.aws.changes().length, pointer()];
    const again = await run(lbYaml('one'), 'up', ...NOW);
    expect([again.code, again.stderr, pointer()]).toEqual([0, 'shop (ec2): no changes\n', release]);
    const called = life.account.aws.changes().slice(changes);
    // nodes are asked by it
    expect(called.filter(({ operation }) => operation !== 'SendCommand')).toEqual([]);
  });

  test('takes a release, and tells where nodes that come cannot be led to it', async () => {
    const release = pointer();
    const denied = life.account.aws.fail({
      operation: 'PutObject',
      when: ({ input }) => (input as { key: string }).key === 'current',
      fault: 'denied',
      times: Infinity,
    });
    const unled = await run(lbYaml('two'), 'deploy', ...NOW);
    denied.stop();
    expect([unled.code, life.reach(80)]).toEqual([4, ['two', 'two']]);
    expect(unled.stderr).toMatch(
      /error: all nodes serve release \w+, but those that come would not: cannot write current in the bucket/u,
    );
    expect((await life.run('status')).stdout).toContain(
      `nodes that come in eu-west-1 serve release ${release}:`,
    );
    const again = await run(lbYaml('two'), 'deploy', ...NOW);
    expect([again.code, pointer() === release]).toEqual([0, false]);
    expect(again.stderr).not.toContain('! the stack');
    expect((await life.run('status')).stdout).not.toContain('nodes that come');
    expect(life.reach(80)).toEqual(['two', 'two']);
  });

  test('takes back a release that NGINX refuses, with where it stands', async () => {
    const release = pointer();
    const bad = await run(lbYaml('bad', { more: 'snippets: { server: "retrun 204;" }' }), 'deploy', ...NOW);
    expect([bad.code, pointer(), life.reach(80)]).toEqual([3, release, ['two', 'two']]);
    expect(bad.stderr).toContain('unknown directive "retrun"');
  });

  test('takes back a release that half of it cannot take, and takes it once that is mended', async () => {
    const release = pointer();
    const { machine: second } = life.machines()[1]!;
    second.sh('mount --bind /etc/lbctl /etc/lbctl && mount -o remount,ro,bind /etc/lbctl');
    const half = await run(lbYaml('half'), 'deploy', ...NOW);
    expect([half.code, pointer(), life.reach(80)]).toEqual([3, release, ['two', 'two']]);
    const all = await run(lbYaml('half'), 'deploy', ...NOW, '--max-errors', '1');
    second.sh('umount /etc/lbctl');
    expect([all.code, life.reach(80)]).toEqual([0, ['half', 'two']]);
    const back = await run(lbYaml('half'), 'rollback', ...NOW);
    expect(back.stderr).toContain(`! nodes have served different releases before: all go to ${release}`);
    expect([back.code, pointer(), life.reach(80)]).toEqual([0, release, ['two', 'two']]);
    expect((await run(lbYaml('half'), 'deploy', ...NOW)).code).toBe(0);
    expect(life.reach(80)).toEqual(['half', 'half']);
  });

  test('goes back', async () => {
    const release = pointer();
    expect((await run(lbYaml('half'), 'rollback', ...NOW)).code).toBe(0);
    expect(life.reach(80)).toEqual(['two', 'two']);
    expect(pointer()).not.toBe(release);
  });

  test('gets another listener with the release that serves it', async () => {
    const deployed = await run(lbYaml('three', { listeners: LISTENERS.two }), 'deploy', ...NOW);
    expect(deployed.code).toBe(0);
    expect(deployed.stderr).toContain('! the stack lbctl-shop in eu-west-1 is not what lb.yaml makes now');
    const more = await run(lbYaml('three', { listeners: LISTENERS.two }), 'up', ...NOW);
    expect(more.code).toBe(0);
    expect(life.reach(80)).toEqual(['three', 'three']);
    expect(life.reach(8080)).toEqual(['three', 'three']);
    expect(entrance()).toEqual(expect.arrayContaining(['Listener8080', 'Targets8080']));
  });

  test('brings the release to a node that comes while it is rolled out', async () => {
    let late: Promise<unknown> | undefined;
    await life.write(lbYaml('four', { listeners: LISTENERS.two }));
    const another = async (child: ChildProcess): Promise<void> => {
      child.kill('SIGSTOP');
      life.account.scale(3);
      await life.booted();
      expect(life.reach(80)).toContain('three');
      child.kill('SIGCONT');
    };
    const deployed = await lbctl(['deploy', ...NOW], {
      cwd: life.cwd,
      env: life.account.aws.env,
      watch: (child) =>
        child.stderr!.on('data', (text: Buffer) => {
          if (text.includes('NGINX reloads')) late ??= another(child);
        }),
    });
    await late;
    expect(deployed.stderr).toContain('… i-00000000000000003 (eu-west-1a): NGINX reloads');
    expect([deployed.code, life.reach(80)]).toEqual([0, ['four', 'four', 'four']]);
  });

  test('lets a node go that the group ends while it is rolled out', async () => {
    let gone: string | undefined;
    await life.write(lbYaml('gone', { listeners: LISTENERS.two }));
    const deployed = await lbctl(['deploy', ...NOW], {
      cwd: life.cwd,
      env: life.account.aws.env,
      watch: (child) =>
        child.stderr!.on('data', (text: Buffer) => {
          const [, second] = life.instances();
          if (!gone && text.includes(`${second} (eu-west-1b): release`)) life.end((gone = second!));
        }),
    });
    await life.booted();
    expect(deployed.stderr).toContain(`· ${gone} (eu-west-1b) has left its Auto Scaling group`);
    expect([deployed.code, life.reach(80)]).toEqual([0, ['gone', 'gone', 'gone']]);
  });

  test('goes back from there, too', async () => {
    const back = await run(lbYaml('gone', { listeners: LISTENERS.two }), 'rollback', ...NOW);
    expect([back.code, life.reach(80)]).toEqual([0, ['four', 'four', 'four']]);
  });

  test('goes back with a node that has come since, and knows of no release before', async () => {
    life.end(life.instances()[0]!);
    await life.booted();
    const back = await run(lbYaml('gone', { listeners: LISTENERS.two }), 'rollback', ...NOW);
    expect([back.code, life.reach(80)]).toEqual([0, ['gone', 'gone', 'gone']]);
  });

  test('goes back though all nodes have come since', async () => {
    const deployed = await run(lbYaml('worse', { listeners: LISTENERS.two }), 'deploy', ...NOW);
    expect([deployed.code, life.reach(80)]).toEqual([0, ['worse', 'worse', 'worse']]);
    for (const instance of life.instances()) life.end(instance);
    await life.booted();
    expect(life.reach(80)).toEqual(['worse', 'worse', 'worse']);
    const back = await run(lbYaml('worse', { listeners: LISTENERS.two }), 'rollback', ...NOW);
    expect(back.stderr).toContain('! all nodes have come since release');
    expect([back.code, life.reach(80)]).toEqual([0, ['gone', 'gone', 'gone']]);
  });

  test('has as many nodes as lb.yaml says', async () => {
    const yaml = (nodes: number) => lbYaml('five', { listeners: LISTENERS.two, nodes });
    expect((await run(yaml(3), 'up', ...NOW)).code).toBe(0);
    expect(life.reach(8080)).toEqual(['five', 'five', 'five']);
    expect((await run(yaml(4), 'up', ...NOW)).code).toBe(0);
    expect(life.reach(8080)).toEqual(['five', 'five', 'five', 'five']);
    expect((await run(yaml(2), 'up', ...NOW)).code).toBe(0);
    expect(life.reach(8080)).toEqual(['five', 'five']);
  });

  test('goes, once somebody has said so, and leaves nothing', async () => {
    const asked = await run(lbYaml('five'), 'down');
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('Remove all of this?')]);
    expect(life.reach(80)).toEqual(['five', 'five']);
    expect((await run(lbYaml('five'), 'down', '--yes')).code).toBe(0);
    const { cloudformation, s3, autoscaling, logs } = life.account.aws.inventory();
    expect({ cloudformation, s3, autoscaling, logs }).toEqual({
      cloudformation: [],
      s3: [],
      autoscaling: [],
      logs: {},
    });
    expect(life.machines()).toEqual([]);
    expect((await run(lbYaml('five'), 'down', '--yes')).stderr).toContain('nothing is there');
    expect((await run(lbYaml('five'), 'deploy', '--yes')).stderr).toContain('hint: lbctl up makes');
  });
});
