import type { ChildProcess } from 'node:child_process';
import { expect, test } from 'vitest';
import { fakeLightsail } from '../fake-aws/lightsail/lightsail.ts';
import { startFakeAws } from '../fake-aws/server.ts';
import { lbctl, type Run } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { atEnd } from '../support/lifetime.ts';
import { without } from '../support/tools.ts';

const SHOP = `name: shop
provider: lightsail
regions: [eu-west-1]
lightsail: { ssh_from: [203.0.113.7] }
listeners: { http: { port: 80 } }
routes: [{ paths: { /: { respond: 204 } } }]
`;

test.skipIf(without('ssh'))(
  'Ctrl-C lets the step under way come to its end, and begins no other',
  async () => {
    const lightsail = fakeLightsail({ waits: { start: { ms: 1500 }, operation: { ms: 300 } } });
    const aws = await startFakeAws([lightsail]);
    atEnd(() => aws.close());
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'lb.yaml': SHOP });
    /** Presses it as soon as something is told. */
    const interrupted = (command: string, told: string): Promise<Run> =>
      lbctl([command, '--yes'], {
        cwd: folder,
        env: { ...aws.env, HOME: folder },
        watch(child: ChildProcess) {
          let [text, isPressed] = ['', false];
          child.stderr!.on('data', (more: Buffer) => {
            text += more.toString();
            if (isPressed || !text.includes(told)) return;
            isPressed = true;
            child.kill('SIGINT');
          });
        },
      });
    const up = await interrupted('up', 'making the instance shop-eu-west-1-1');
    expect(up).toMatchObject({
      code: 130,
      signal: null,
      stderr: expect.stringContaining('stopped; lbctl up goes on from here') as string,
    });
    const { instances, staticIps } = lightsail.inventory();
    expect([instances.map(({ name }) => name), staticIps]).toEqual([['shop-eu-west-1-1'], []]);
    aws.fail({ fault: { slow: 1500 }, operation: 'DeleteInstance' });
    // what it was about to do when it was stopped is done, and there is nothing else
    const down = await interrupted('down', 'deleting the instance shop-eu-west-1-1');
    expect(down).toMatchObject({ code: 0, stderr: expect.stringContaining('Ctrl-C again') as string });
    expect(lightsail.inventory().instances).toEqual([]);
  },
);
