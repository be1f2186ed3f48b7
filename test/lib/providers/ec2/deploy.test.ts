import { beforeAll, describe, expect, test } from 'vitest';
import { newcomersBy } from '../../../../src/lib/providers/ec2/newcomers.ts';
import { policyFor } from '../../../../src/lib/providers/ec2/policy.ts';
import { call } from '../../../../src/lib/release/node/call.ts';
import { bootedFleet, type BootedFleet, outcomes, released } from '../../../support/ec2-group.ts';
import { withoutHosts } from '../../../support/host.ts';
import { without } from '../../../support/tools.ts';

describe.skipIf(withoutHosts() || without('nginx', 'curl', 'stream'))('a fleet of real machines', () => {
  let fleet: BootedFleet;
  beforeAll(async () => {
    fleet = await bootedFleet();
  });

  test('takes a release, and the one before it again', async () => {
    expect(fleet.nodes.map(({ transport }) => transport.name)).toStrictEqual(
      fleet.machines.map(({ instance }) => `${instance} (eu-west-1a)`),
    );
    expect(fleet.answers()).toStrictEqual(['one', 'one', 'one']);
    expect(outcomes(await fleet.roll(await released('two')))).toStrictEqual(['kept', 'kept', 'kept']);
    expect(fleet.answers()).toStrictEqual(['two', 'two', 'two']);
    expect(outcomes(await fleet.roll(await released('one')))).toStrictEqual(['kept', 'kept', 'kept']);
    expect(outcomes(await fleet.roll(await released('one')))).toStrictEqual([
      'current',
      'current',
      'current',
    ]);
    expect(fleet.answers()).toStrictEqual(['one', 'one', 'one']);
  });

  test('is joined by a node that serves what it serves', async () => {
    await fleet.roll(await released('six'));
    const led = await newcomersBy([fleet.store], await released('six'));
    await led.take({ notify: () => {}, confirm: async () => true });
    const node = await fleet.launch();
    expect((await node.boot()).code).toBe(0);
    expect([...fleet.answers(), node.curl('/')]).toStrictEqual(['six', 'six', 'six', 'six']);
  });

  describe('a program', () => {
    test('runs once where an answer is lost', async () => {
      const { transport } = fleet.nodes[0]!;
      fleet.aws.fail({ operation: 'SendCommand', fault: 'cut after' });
      const ran = await transport.run(['sh', '-c', 'echo x >>/run/times; sleep 20; cat; wc -l </run/times'], {
        input: Buffer.from('input\n'),
      });
      expect(ran).toStrictEqual({ code: 0, stdout: 'input\n1\n', stderr: '' });
      expect(fleet.machines[0]!.machine.sh('cat /run/times')).toBe('x');
    });

    test('says as much as it likes, with its words as they are', async () => {
      const { transport } = fleet.nodes[0]!;
      const { stdout } = await transport.run(['head', '-c', '30000', '/dev/urandom']);
      expect(stdout.length).toBeGreaterThan(24_000);
      const words = [`it's "$HOME" \\ \n`, '', '* ü'];
      expect((await transport.run(['printf', '%s|', ...words])).stdout).toBe(
        words.map((word) => `${word}|`).join(''),
      );
      expect(await transport.run(['sh', '-c', 'echo no >&2; exit 11'])).toStrictEqual({
        code: 11,
        stdout: '',
        stderr: 'no\n',
      });
      expect((await transport.run(['sh', '-c', 'kill -9 $$'])).code).toBeNull();
    });

    test('that is too long for a command is fetched', async () => {
      const word = 'x'.repeat(90_000);
      const { stdout } = await fleet.nodes[0]!.transport.run(['printf', '%s', word]);
      expect(stdout === word).toBe(true);
    });

    test('goes on when its command ends', async () => {
      const { machine } = fleet.machines[1]!;
      const work = fleet.nodes[1]!.transport.run([
        'sh',
        '-c',
        'echo begun >/run/work; /usr/bin/sleep 1; echo done >>/run/work',
      ]);
      await expect.poll(() => machine.sh('cat /run/work 2>/dev/null || :')).toBe('begun');
      // as the agent ends what belongs to a command that is cancelled
      machine.sh(`pkill -KILL -f "^sh -c bucket='"`);
      await expect(work).rejects.toMatchObject({ code: 'connection-lost' });
      await expect.poll(() => machine.sh('cat /run/work')).toBe('begun\ndone');
    });
  });

  test('asks for what the policy of lbctl allows, and for all of it', () => {
    // which no deploy needs
    const ofOthers = new Set([
      'autoscaling:DescribeScalingActivities',
      'elasticloadbalancing:DescribeTargetHealth',
    ]);
    const allowed = policyFor('lbctl-shop', { name: 'aws', suffix: 'amazonaws.com' }).Statement.flatMap(
      ({ Sid, Action }) => (Sid === 'LbctlNodes' ? Action.filter((action) => !ofOthers.has(action)) : []),
    );
    const ofNodes = new Set([
      'autoscaling:CompleteLifecycleAction',
      'autoscaling:RecordLifecycleActionHeartbeat',
    ]);
    const asked = fleet.aws.calls
      .filter(({ service }) => service === 'ssm' || service === 'autoscaling')
      .map(({ service, operation }) => `${service}:${operation}`)
      .filter((action) => !ofNodes.has(action));
    expect([...new Set(asked)].toSorted()).toStrictEqual(allowed.toSorted());
  });

  test('looks the same by other verbs of its script', async () => {
    const { code, stdout } = await call(fleet.nodes[0]!, 'facts');
    expect([code, stdout]).toStrictEqual([0, expect.stringMatching(/^user\tnginx\tnginx$/mu)]);
  });
});
