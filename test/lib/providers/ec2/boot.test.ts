import { beforeAll, describe, expect, test } from 'vitest';
import { type Ec2Group, ec2Group, released } from '../../../support/ec2-group.ts';
import { withoutHosts } from '../../../support/host.ts';
import { without } from '../../../support/tools.ts';

describe.skipIf(withoutHosts() || without('nginx', 'curl', 'stream'))('a node that boots', () => {
  let launch: Ec2Group['launch'];
  let aws: Ec2Group['aws'];
  let groups: Ec2Group['groups'];
  let store: Ec2Group['store'];
  beforeAll(async () => {
    ({ launch, aws, groups, store } = await ec2Group());
  });

  test('serves what the bucket names before it is in service, and goes on by itself after a reboot', async () => {
    await store.move(await released('one'), await store.look());
    const node = await launch();
    const { code, console } = await node.boot();
    expect(console).toContain('in service');
    expect(code).toBe(0);
    expect(node.curl('/')).toBe('one');
    expect(node.told().at(-1)).toBe('CONTINUE');
    expect(groups.instance(node.instance)!.state).toBe('InService');
    expect(aws.inventory()['logs']).toMatchObject({
      'lbctl-shop-Log-1ABC': {
        [node.instance]: expect.arrayContaining([expect.stringContaining('in service with release')]),
      },
    });
  });

  test('does nothing when it has done all, and serves on', async () => {
    await store.move(await released('two'), await store.look());
    const node = await launch();
    await node.boot();
    const calls = aws.calls.length;
    expect(await node.boot()).toStrictEqual({ code: 0, console: '' });
    expect(aws.calls).toHaveLength(calls);
    expect(node.curl('/')).toBe('two');
    expect(node.machine.sh('cut -f3,6 /etc/lbctl/history')).toBe('boot\tkept');
  });

  test('serves what came while it booted', async () => {
    await store.move(await released('old'), await store.look());
    const node = await launch();
    const next = await released('new');
    let moved: Promise<unknown> | undefined;
    const move = async () => store.move(next, await store.look());
    const late = aws.fail({
      operation: 'GetObject',
      when: ({ input }) => (input as { key: string }).key.endsWith('.tar'),
      fault: { slow: 500 },
      onStrike: () => (moved = move()),
    });
    expect((await node.boot()).code).toBe(0);
    late.stop();
    await moved;
    expect(node.curl('/')).toBe('new');
    expect(node.machine.sh('cut -f4 /etc/lbctl/history').split('\n')).toHaveLength(2);
    expect(node.told().at(-1)).toBe('CONTINUE');
  });
});
