import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lbctl, type Run } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Host, startHost, withoutHosts } from '../support/host.ts';
import { newShop, type Shop } from '../support/shop.ts';
import { newSshShop, type SshShop } from '../support/ssh-shop.ts';
import { without } from '../support/tools.ts';
import { until } from '../support/wait.ts';

/** Lines that a deploy prints, by how they begin: each is a moment at which it may be cut short. */
const STEPS = [
  'Plan:',
  '… NGINX checks',
  '… release',
  '… NGINX reloads',
  '… new workers',
  '… listeners',
  '… the error log is read',
] as const;

/** By ssh each takes its time, so that only some are tried unless LBCTL_TEST_KILLS=all. */
const few = (...some: readonly number[]): readonly string[] =>
  process.env['LBCTL_TEST_KILLS'] === 'all' ? STEPS : some.map((index) => STEPS[index]!);

const DEPLOY = ['deploy', '--yes', '--watch', '0s'];
/** What a run that was cut short began may be at work still. */
const AGAIN = [...DEPLOY, '--lock-wait', '60s'];

/** What runs leave that do not come to their end, by its name. */
const LEFT = /^(?:.*lock.*|journal|.*\.new|\.draft.*|\.drop.*|\.current.*|.*\.lbctl|node-\w+\.sh\..+)$/u;

/** Runs deploy until it prints a line, and does something to it then. */
async function cutShort(
  { folder }: Pick<Shop, 'folder'>,
  step: string,
  cut: (pid: number) => void,
  env: Record<string, string> = {},
): Promise<Run> {
  let isCut = false;
  const run = await lbctl(DEPLOY, {
    cwd: folder,
    env,
    watch(child) {
      let text = '';
      child.stderr!.on('data', (more: Buffer) => {
        text += more.toString();
        if (isCut || !text.split('\n').some((line) => line.startsWith(step))) return;
        isCut = true;
        cut(child.pid!);
      });
    },
  });
  expect({ step, isCut }).toEqual({ step, isCut: true });
  return run;
}

const kill = (pid: number): void => void process.kill(pid, 'SIGKILL');

describe.skipIf(without('nginx', 'curl'))('deploy on this machine', { timeout: 120_000 }, () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await newShop();
    expect(await shop.run('up')).toMatchObject({ code: 0 });
  });
  const left = (): string[] =>
    ['.lbctl', '.lbctl/shop', '.lbctl/shop/releases'].flatMap((folder) =>
      readdirSync(join(shop.folder, folder)).filter((name) => LEFT.test(name)),
    );

  test.each(STEPS)('killed at "%s", the next one brings the release', async (step) => {
    shop.write(step);
    expect(await cutShort(shop, step, kill)).toMatchObject({ signal: 'SIGKILL' });
    const again = await shop.run(...AGAIN);
    expect({ code: again.code, said: again.stderr }).toEqual({ code: 0, said: again.stderr });
    expect(await shop.answer()).toBe(step);
    expect(left()).toEqual([]);
  });

  test('killed with all that it began, the next one takes back and brings the release', async () => {
    shop.write('anew');
    const all = (pid: number): void => {
      const script = readdirSync(join(shop.prefix, 'lock')).map((name) => Number(name.split('.')[0]));
      for (const one of [pid, ...script]) kill(one);
    };
    await cutShort(shop, '… NGINX reloads', all);
    const again = await shop.run(...AGAIN);
    expect(again.stderr).toMatch(/an earlier run ended while it was \w+ release \w+, which is taken back/u);
    expect(again.code).toBe(0);
    expect(await shop.answer()).toBe('anew');
    expect(left()).toEqual([]);
  });
});

describe.skipIf(without('nginx', 'curl', 'ssh', 'sshd') || withoutHosts())(
  'deploy by ssh',
  { timeout: 120_000 },
  () => {
    let host: Host;
    let shop: SshShop;
    let temporary: string;
    beforeAll(async () => {
      host = await startHost();
      host.sh('nginx');
      shop = await newSshShop([host]);
      temporary = await temporaryFolder();
      await shop.write('first');
      expect(await shop.deploy()).toMatchObject({ code: 0 });
    });
    const answer = (): string => host.sh('curl -s http://127.0.0.1/');
    /** On the node and here: files, and connections. */
    const left = (): string[] => {
      const there = host.sh('ls -A /etc/lbctl /etc/lbctl/releases /etc/nginx').split('\n');
      const running = spawnSync('pgrep', ['-f', `ssh.*${temporary}`], { encoding: 'utf8' }).stdout;
      return [...there.filter((name) => LEFT.test(name)), ...readdirSync(temporary), running].filter(
        (name) => name !== '',
      );
    };

    test.each(few(0, 3, 6))('killed at "%s", the next one brings the release', async (step) => {
      await shop.write(`killed ${step}`);
      expect(await cutShort(shop, step, kill, { TMPDIR: temporary })).toMatchObject({ signal: 'SIGKILL' });
      await until('nothing is left here', () => readdirSync(temporary).length === 0);
      const again = await shop.run(...AGAIN);
      expect({ code: again.code, said: again.stderr }).toEqual({ code: 0, said: again.stderr });
      expect(answer()).toBe(`killed ${step}`);
      expect(left()).toEqual([]);
    });

    test.each(few(0, 2, 4, 6))('cut off at "%s", it goes on over a new connection', async (step) => {
      await shop.write(`cut off ${step}`);
      const run = await cutShort(shop, step, () => host.sshd.dropConnections(), { TMPDIR: temporary });
      // what was being brought to the node has not come there
      if (run.code !== 0) {
        expect({ step, code: run.code, said: run.stderr }).toMatchObject({ step: 'Plan:', code: 3 });
        expect(run.stderr).toContain('was lost');
        expect(await shop.run(...AGAIN)).toMatchObject({ code: 0 });
      }
      expect(answer()).toBe(`cut off ${step}`);
      expect(left()).toEqual([]);
    });
  },
);
