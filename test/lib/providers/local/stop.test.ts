import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lbctl, type Run } from '../../../support/cli.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { isRunning, newShop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';

describe.skipIf(without('nginx', 'curl'))('down', { timeout: 90_000 }, () => {
  test('kills an NGINX that heeds no signal, and says so', async () => {
    const shop = await newShop();
    await shop.run('up');
    const { pid, workers } = await shop.status();
    const all = [pid, ...workers.map((worker) => worker.pid)];
    for (const halted of all) process.kill(halted, 'SIGSTOP');
    atEnd(() => all.filter(isRunning).forEach((left) => process.kill(left, 'SIGKILL')));
    let timer: NodeJS.Timeout | undefined;
    const down = await lbctl(['down', '--yes'], {
      cwd: shop.folder,
      watch: (child) => (timer = setTimeout(() => child.kill('SIGKILL'), 60_000)),
    });
    clearTimeout(timer);
    expect(down).toMatchObject({ code: 0, stderr: expect.stringContaining('it is killed') });
    expect([all.filter(isRunning), existsSync(shop.prefix)]).toEqual([[], false]);
  });

  test('comes to the end of a step at Ctrl-C, and goes on with the rest the next time', async () => {
    const { shop, all, interrupted } = await halted();
    const down = await interrupted('stopping NGINX', 'Ctrl-C again', (child, times) => {
      if (times === 0) child.kill('SIGINT');
      else for (const pid of all) process.kill(pid, 'SIGCONT');
    });
    expect(down).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('stopped; 1 step is left: lbctl down goes on') as string,
    });
    expect([all.filter(isRunning), existsSync(shop.prefix)]).toEqual([[], true]);
    expect(await shop.run('down', '--yes')).toMatchObject({ code: 0 });
    expect(existsSync(shop.prefix)).toBe(false);
  });

  test('is left at once at the second Ctrl-C', async () => {
    const { interrupted } = await halted();
    const down = await interrupted('stopping NGINX', 'Ctrl-C again', (child) => child.kill('SIGINT'));
    expect(down).toMatchObject({ signal: 'SIGINT' });
  });
});

/** An NGINX that does nothing until it is told to go on, and its end that somebody interrupts. */
async function halted() {
  const shop = await newShop();
  await shop.run('up');
  const { pid, workers } = await shop.status();
  const all = [pid, ...workers.map((worker) => worker.pid)];
  for (const one of all) process.kill(one, 'SIGSTOP');
  atEnd(() => all.filter(isRunning).forEach((left) => process.kill(left, 'SIGKILL')));
  /** @param act called when stderr has come to the first of two texts, and to the second. */
  const interrupted = (
    first: string,
    second: string,
    act: (child: ChildProcess, times: number) => void,
  ): Promise<Run> =>
    lbctl(['down', '--yes'], {
      cwd: shop.folder,
      watch: (child) => {
        let [text, times] = ['', 0];
        child.stderr!.on('data', (more: Buffer) => {
          text += more.toString();
          if (times < 2 && text.includes([first, second][times]!)) act(child, times++);
        });
      },
    });
  return { shop, all, interrupted };
}
