import { beforeAll, describe, expect, test } from 'vitest';
import { bucketNamed } from '../../../../src/lib/aws/s3.ts';
import { BUCKET, type Ec2Group, ec2Group, REGION, released } from '../../../support/ec2-group.ts';
import { withoutHosts } from '../../../support/host.ts';
import { without } from '../../../support/tools.ts';

const FAILING = `#!/bin/sh
cat /etc/apt-fails >&2
exit 100
`;

describe.skipIf(withoutHosts() || without('nginx', 'curl', 'stream'))('a node that boots', () => {
  let launch: Ec2Group['launch'];
  let aws: Ec2Group['aws'];
  let store: Ec2Group['store'];
  beforeAll(async () => {
    ({ launch, aws, store } = await ec2Group());
  });

  test.each(['KILL', 'TERM'])('goes on where %s ended it', async (signal) => {
    await store.move(await released('two'), await store.look());
    const node = await launch();
    let struck = false;
    const cut = aws.fail({
      operation: 'GetObject',
      when: ({ input }) => (input as { key: string }).key.endsWith('.tar'),
      fault: { slow: 300 },
      onStrike: () => {
        struck = true;
        node.machine.sh(`pkill -${signal} -f /etc/user-data`);
      },
    });
    expect((await node.boot()).code).not.toBe(0);
    cut.stop();
    expect(struck).toBe(true);
    expect(node.told()).not.toContain('CONTINUE');
    expect(node.told()).not.toContain('ABANDON');
    expect(await node.boot()).toMatchObject({ code: 0 });
    expect(node.told().at(-1)).toBe('CONTINUE');
    expect(node.curl('/')).toBe('two');
  });

  test('tells that it is at work as long as it waits', async () => {
    const node = await launch();
    const waits = aws.fail({
      operation: 'GetObject',
      when: ({ input }) => (input as { key: string }).key === 'current',
      fault: { slow: 2500 },
    });
    await node.boot();
    waits.stop();
    expect(node.told()).toContain('heartbeat');
    expect(node.told().at(-1)).toBe('CONTINUE');
  });

  test('asks again when services are throttled', async () => {
    const node = await launch();
    const faults = ['CompleteLifecycleAction', 'GetObject'].map((operation) =>
      aws.fail({ operation, fault: 'throttled', times: 2 }),
    );
    expect((await node.boot()).code).toBe(0);
    expect(faults.map((fault) => fault.count())).toStrictEqual([2, 2]);
    expect(node.told().at(-1)).toBe('CONTINUE');
  });

  describe('that cannot serve is never put in service', () => {
    async function abandoned(more: Parameters<Ec2Group['launch']>[0], told = true): Promise<string> {
      const node = await launch(more);
      const { code, console } = await node.boot();
      expect(code).toBe(1);
      expect(node.told()).not.toContain('CONTINUE');
      if (told) expect(node.told().at(-1)).toBe('ABANDON');
      expect(console).toContain(node.instance);
      return console;
    }

    test('as packages cannot be had', async () => {
      const files = { '/etc/apt-fails': 'E: Unable to fetch some archives', '/usr/bin/apt-get': FAILING };
      expect(await abandoned({ files })).toMatch(
        /the lists of packages cannot be read[^]*E: Unable to fetch some archives/u,
      );
    });

    test('as NGINX refuses the release', async () => {
      const { files, ...rest } = await released('broken');
      const broken = files.map((file) =>
        file.path === 'nginx.conf' ? { ...file, content: Buffer.from('events {} htp {}') } : file,
      );
      const before = await store.look();
      const bad = await store.move({ ...rest, files: broken }, before);
      expect(await abandoned({})).toMatch(/the release cannot be served[^]*unknown directive "htp"/u);
      // it is still there when the instance is gone
      expect(JSON.stringify(aws.inventory()['logs'])).toContain('unknown directive');
      expect(JSON.stringify(aws.inventory()['logs'])).toContain('this node is given up');
      await store.move(await released('good'), bad);
    });

    test('as the archive is not what its digest says', async () => {
      const { pointer } = await store.look();
      await bucketNamed(BUCKET, REGION).put(pointer!.archive, Buffer.from('something else'));
      expect(await abandoned({})).toMatch(/the release cannot be served[^]*is not what its digest says/u);
      await store.move(await released('better'), await store.look());
    });

    test('as it may not read the bucket, or the bucket is gone', async () => {
      aws.allow(['autoscaling:*']);
      expect(await abandoned({})).toMatch(/there is no release[^]*cannot be read: 403 AccessDenied/u);
      aws.allow(undefined);
      expect(await abandoned({ bucket: 'gone' })).toMatch(/cannot be read: 404 NoSuchBucket/u);
    });

    test('as no release comes', async () => {
      await bucketNamed(BUCKET, REGION).remove(['current']);
      expect(await abandoned({})).toMatch(/there is no release in s3:[^]*404 NoSuchKey/u);
      await store.move(await released('again'), await store.look());
    });

    test('as its metadata does not tell its group, or gives it no role', async () => {
      expect(await abandoned({ without: 'tags' }, false)).toContain('tags must be in it');
      expect(await abandoned({ without: 'role' }, false)).toContain('gives no credentials of a role');
    });
  });
});
