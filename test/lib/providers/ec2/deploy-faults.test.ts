import { beforeAll, describe, expect, test } from 'vitest';
import { bootedFleet, type BootedFleet, outcomes, released } from '../../../support/ec2-group.ts';
import { withoutHosts } from '../../../support/host.ts';
import { without } from '../../../support/tools.ts';

describe.skipIf(withoutHosts() || without('nginx', 'curl', 'stream'))('a fleet of real machines', () => {
  let fleet: BootedFleet;
  beforeAll(async () => {
    fleet = await bootedFleet();
  });

  test('goes back where half of it cannot serve a release', async () => {
    // what the release wants to be a folder is none there
    for (const machine of fleet.machines.slice(1))
      machine.machine.sh('mkdir /etc/lbctl/block && touch /etc/lbctl/block/file');
    const release = await released('three');
    const files = release.files.map((file) =>
      file.path === 'manifest'
        ? {
            ...file,
            content: Buffer.from(`${Buffer.from(file.content).toString()}folder /etc/lbctl/block/file/x\n`),
          }
        : file,
    );
    const out = await fleet.roll({ ...release, files });
    expect([out.verdict, ...outcomes(out)]).toStrictEqual(['failed', 'rolled-back', 'refused', 'refused']);
    expect(out.nodes[1]!.error!.message).toContain(
      'a folder that it needs cannot be made; nothing was changed',
    );
    expect(fleet.answers()).toStrictEqual(['one', 'one', 'one']);
  });

  test('keeps what it has while S3 lets nobody fetch', async () => {
    const denied = fleet.aws.fail({ operation: 'GetObject', fault: 'denied', times: Infinity });
    const out = await fleet.roll(await released('four'));
    denied.stop();
    expect([out.verdict, ...outcomes(out)]).toStrictEqual(['failed', 'refused', 'not-begun', 'not-begun']);
    const { message, evidence } = out.nodes[0]!.error!;
    expect(message).toContain('it cannot fetch what it is to work with; nothing was changed');
    expect(evidence.join()).toMatch(
      /s3:\/\/lbctl-shop-releases\/releases\/[0-9a-f]{64}\.tar cannot be read: 403 AccessDenied/u,
    );
    expect(fleet.answers()).toStrictEqual(['one', 'one', 'one']);
  });

  test('gets its script anew where it has another one', async () => {
    for (const { machine } of fleet.machines) machine.sh('rm /etc/lbctl/node-*.sh');
    expect(outcomes(await fleet.roll(await released('five')))).toStrictEqual(['kept', 'kept', 'kept']);
    expect(fleet.machines[2]!.machine.sh('ls /etc/lbctl/node-*.sh | wc -l')).toBe('1');
    expect(fleet.machines[2]!.machine.sh('ls /run/lbctl-runs/*/in 2>/dev/null | wc -l')).toBe('0');
  });
});
