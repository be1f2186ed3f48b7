import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lbctl, type Run } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Host, startHost, withoutHosts } from '../support/host.ts';
import { atEnd } from '../support/lifetime.ts';
import { newShop, type Shop } from '../support/shop.ts';
import { newSshShop, type SshShop } from '../support/ssh-shop.ts';
import { addUser, makeKey, startSshd } from '../support/sshd.ts';
import { without } from '../support/tools.ts';
import { until } from '../support/wait.ts';

/** A directive that NGINX does not know. */
const MISSPELT = 'snippets: { server: "retrun 204;" }';

/** A name that does things in a shell. */
const HARD = 'it\'s a "$(touch owned)" `touch owned` folder';

const deploy = (shop: Pick<Shop, 'run'>, ...args: string[]) =>
  shop.run('deploy', '--yes', '--watch', '0s', ...args);

/** Somebody who is at work, and stays there until they are let go on. */
interface Busy {
  readonly done: Promise<Run>;
  goOn(): void;
}

/** @param stop halts the work, once a release is watched, and gives what lets it go on. */
async function busy(
  { folder }: Pick<Shop, 'folder'>,
  message: string,
  stop: (pid: number) => () => void,
): Promise<Busy> {
  let goOn: (() => void) | undefined;
  const done = lbctl(['deploy', '--yes', '--watch', '4s', '-m', message], {
    cwd: folder,
    watch: (child) =>
      child.stderr!.on('data', (text: Buffer) => {
        if (text.includes('is watched')) goOn ??= stop(child.pid!);
      }),
  });
  return { done, goOn: await until('somebody is at work', () => goOn, 60_000) };
}

/** Deploys as soon as somebody else, who is waited for, goes on. */
function deployAfter({ folder }: Pick<Shop, 'folder'>, { goOn }: Busy): Promise<Run> {
  return lbctl(['deploy', '--yes', '--watch', '0s', '--lock-wait', '60s'], {
    cwd: folder,
    watch: (child) =>
      child.stderr!.on('data', (text: Buffer) => {
        if (text.includes('waiting for')) goOn();
      }),
  });
}

describe.skipIf(without('nginx', 'curl'))('on this machine', { timeout: 60_000 }, () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await newShop();
    expect(await shop.run('up')).toMatchObject({ code: 0 });
  });

  test('a directive that NGINX does not know is refused, with where it stands', async () => {
    shop.write('two', { keys: MISSPELT });
    const run = await deploy(shop);
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/\| nginx: \[emerg\] unknown directive "retrun" in \S+any-host\.conf:\d+\n/u);
    expect(run.stderr).toContain('hint: mend lb.yaml; lbctl lint lb.yaml');
    expect((await shop.run('lint', 'lb.yaml')).stdout).toContain('lb.yaml:3');
    expect(await shop.answer()).toBe('one');
  });

  test('two at once: the second is told who is at work, why and since when, or waits', async () => {
    shop.write('two');
    const first = await busy(shop, 'the\nfirst', (pid) => {
      process.kill(pid, 'SIGSTOP');
      return () => process.kill(pid, 'SIGCONT');
    });
    const second = await deploy(shop);
    expect(second.code).toBe(3);
    expect(second.stderr).toMatch(
      /error: \S+@\S+ is at work on this balancer \(deploy: the first; pid \d+, since 2\S+\)\nhint: .*--lock-wait/u,
    );
    expect((await shop.run('down', '--yes')).stderr).toMatch(/the first.*\nhint: wait until it is done/u);
    shop.write('three');
    const third = await deployAfter(shop, first);
    expect(third.stderr).toMatch(/waiting for \S+@\S+ \(deploy: the first\)/u);
    expect([third.code, (await first.done).code]).toEqual([0, 0]);
    expect(await shop.answer()).toBe('three');
  });

  test('workers whose master was killed go on, and are told', async () => {
    spawnSync('kill', ['-9', readFileSync(join(shop.prefix, 'run/nginx.pid'), 'utf8').trim()]);
    shop.write('four');
    const run = await deploy(shop);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('NGINX does not run; nothing was changed');
    expect(run.stderr).toMatch(/worker \d+ goes on with what it has, without a master/u);
    expect(await shop.answer()).toBe('three');
    expect(await shop.run('up', '--yes')).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('four');
  });

  test('what a shell would run in the name of a folder is a name', async () => {
    const folder = join(await temporaryFolder(), HARD);
    const run = (...args: string[]) => lbctl(args, { cwd: folder });
    shop.write('one');
    cpSync(join(shop.folder, 'lb.yaml'), join(folder, 'lb.yaml'), { recursive: true });
    atEnd(async () => void (await run('down', '--yes')));
    expect(await shop.run('down', '--yes')).toMatchObject({ code: 0 });
    expect(await run('up', '--yes')).toMatchObject({ code: 0 });
    cpSync(join(folder, 'lb.yaml'), join(shop.folder, 'lb.yaml'));
    const file = join(folder, 'lb.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"one"', '"two"'));
    expect(await deploy({ run })).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('two');
    expect(await run('rollback', '--yes', '--watch', '0s')).toMatchObject({ code: 0 });
    const wrong = await run('rollback', '--yes', '$(touch owned)');
    expect(wrong.stderr).toContain('there is no release $(touch owned)');
    expect(readdirSync(folder)).toEqual(['.lbctl', 'lb.yaml']);
  });
});

const skip = without('nginx', 'curl', 'ssh', 'sshd') || withoutHosts();

describe.skipIf(skip)('on a node by ssh', { timeout: 120_000 }, () => {
  let host: Host;
  let shop: SshShop;
  const answer = (): string => host.sh('curl -s http://127.0.0.1/');
  beforeAll(async () => {
    // its clock is an hour ahead
    const date = '#!/bin/sh\nexec /bin/date -d "@$(($(/bin/date +%s) + 3600))" "$@"\n';
    host = await startHost({ path: '/opt/bin', files: { '/opt/bin/date': date } });
    host.sh('nginx');
    shop = await newSshShop([host]);
    await shop.write('one');
  });

  test('a clock that is wrong is told, and in nobody’s way', async () => {
    const run = await deploy(shop);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/! the clock of \S+ says .* UTC, and the one here .* UTC: timedatectl/u);
  });

  test('two at once: the second is told, also where it wants the same, or waits', async () => {
    await shop.write('two');
    const first = await busy(shop, 'the first', () => {
      const script = host.sh('ls /etc/lbctl/lock | cut -d. -f1');
      host.sh(`kill -STOP ${script}`);
      return () => host.sh(`kill -CONT ${script}`);
    });
    const second = await deploy(shop);
    expect(second.code).toBe(3);
    expect(second.stderr).toMatch(
      /error: \S+: \S+@\S+ is at work \(deploy: the first, for \d+ s\)\nhint: .*--lock-wait/u,
    );
    expect((await shop.status()).remarks.join('\n')).toMatch(/release \w+ is being put in place on/u);
    const third = await deployAfter(shop, first);
    expect([third.code, (await first.done).code]).toEqual([0, 0]);
    expect(answer()).toBe('two');
  });

  test('a disk that is full, or read-only, is told with what helps', async () => {
    // a small disk in place of the one where releases are
    host.sh(`mkdir /run/kept; cp -a /etc/lbctl /run/kept; mount -t tmpfs -o size=300k,mode=755 tmpfs /etc/lbctl
      cp -a /run/kept/lbctl/. /etc/lbctl; dd if=/dev/zero of=/etc/lbctl/ballast bs=1k 2>/dev/null; :`);
    await shop.write('three');
    const full = await deploy(shop);
    expect(full.code).toBe(3);
    expect(full.stderr).toMatch(/has 0 MB left for releases/u);
    expect(full.stderr).toMatch(
      /the release cannot be written there; nothing was changed\n.*No space left on device\nhint: make room/u,
    );
    // not even the script has its place
    host.sh('rm /etc/lbctl/node-*.sh; dd if=/dev/zero of=/etc/lbctl/more bs=1k 2>/dev/null; :');
    const without = await deploy(shop);
    expect(without.code).toBe(3);
    expect(without.stderr).toMatch(
      /\/etc\/lbctl cannot be written; nothing was changed\n.*No space left on device\nhint: make room/u,
    );
    expect(host.sh('ls -A /etc/lbctl')).not.toMatch(/node-|draft/u);
    host.sh('rm /etc/lbctl/ballast /etc/lbctl/more; mount -o remount,ro /etc/lbctl');
    const closed = await deploy(shop);
    expect(closed.code).toBe(3);
    expect(closed.stderr).toMatch(
      /nothing was changed\n.*Read-only file system\nhint: its disk is read-only/u,
    );
    expect(answer()).toBe('two');
    host.sh('mount -o remount,rw /etc/lbctl');
    expect(await deploy(shop)).toMatchObject({ code: 0 });
    expect(answer()).toBe('three');
  });

  test('workers whose master was killed go on, and are told', async () => {
    host.sh('kill -9 $(cat /run/nginx.pid)');
    await shop.write('four');
    const run = await deploy(shop);
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/worker \d+ goes on with what it has, .*: kill -QUIT \d+ before NGINX/u);
    expect(run.stderr).toContain('hint: lbctl up starts it');
    expect(answer()).toBe('three');
  });

  test('what a shell would run in the name of a folder is a name', async () => {
    const base = await temporaryFolder();
    cpSync(shop.folder, join(base, HARD), { recursive: true });
    const run = await lbctl(['status', '--json'], { cwd: join(base, HARD) });
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ nodes: [{ problem: null }] });
    expect([readdirSync(base), existsSync(join(base, HARD, 'owned'))]).toEqual([[HARD], false]);
  });
});

describe.skipIf(skip)('a node that does not take part is told with what helps', { timeout: 60_000 }, () => {
  test('a key that it does not know', async () => {
    const shop = await newSshShop([
      { sshd: { ...(await startSshd()), key: await makeKey(await temporaryFolder(), 'stranger') } },
    ]);
    await shop.write('one');
    const run = await deploy(shop);
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(
      /does not let \w+ in\n.*offered: \S+stranger .*\nhint: put one of these keys/u,
    );
  });

  test('sudo that asks for a password', async () => {
    const user = await addUser({ sudoers: 'USER ALL=(ALL) ALL' });
    const sshd = await startSshd();
    const shop = await newSshShop([{ sshd: { ...sshd, destination: () => sshd.destination({ user }) } }]);
    await shop.write('one');
    const run = await deploy(shop);
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(/asks \S+ for a password\n.*\nhint: let it not ask: echo '\S+ ALL=/u);
  });

  test('an NGINX of long ago', async () => {
    const old = `#!/bin/sh
echo "nginx version: nginx/1.14.2
configure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf" >&2
`;
    const host = await startHost({ path: '/opt/bin', files: { '/opt/bin/nginx': old } });
    const shop = await newSshShop([host]);
    await shop.write('one');
    expect(await deploy(shop)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /lbctl writes for NGINX 1\.18\.0 or newer, and \S+ has 1\.14\.2\nhint: /u,
      ),
    });
  });
});
