import { existsSync } from 'node:fs';
import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sshTransport } from '../../../../../src/lib/release/transports/ssh.ts';
import type { Transport } from '../../../../../src/lib/release/transports/transport.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { atEnd } from '../../../../support/lifetime.ts';
import { addUser, type Sshd, startSshd } from '../../../../support/sshd.ts';
import { without } from '../../../../support/tools.ts';
import { until } from '../../../../support/wait.ts';

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('not root, so tests that make users are skipped');

describe.skipIf(without('ssh', 'sshd') || !isRoot)('who logs in', () => {
  let sshd: Sshd;
  let config: string;
  beforeAll(async () => {
    sshd = await startSshd();
    config = await sshd.configure();
  });

  function connect(user: string): Transport {
    const node = sshTransport(sshd.destination({ user }), { config });
    atEnd(() => node.close());
    return node;
  }

  const FREE = 'USER ALL=(ALL) NOPASSWD: ALL';

  describe.skipIf(without('sudo'))('by sudo', () => {
    it('has the rights of root, and words arrive as they are', async () => {
      const node = connect(await addUser({ sudoers: FREE }));
      expect((await node.run(['id', '-u'])).stdout).toBe('0\n');
      const words = ["it's", '$HOME', '', '-u', 'a=b', '\n'];
      const { stdout } = await node.run(['printf', '%s\\0', ...words], { input: Buffer.from('in') });
      expect(stdout.split('\0').slice(0, -1)).toEqual(words);
      const ran = await node.run(['sh', '-c', 'cat; exit 12'], { input: Buffer.from('in') });
      expect(ran).toEqual({ code: 12, stdout: 'in', stderr: '' });
      expect((await sshd.log()).split(`Accepted publickey for ${node.name.split('@')[0]}`)).toHaveLength(2);
    });

    it.each([
      ['a terminal of its own', 'Defaults:USER use_pty'],
      ['none', 'Defaults:USER !use_pty'],
    ])('the work goes on when the connection is lost, with %s', async (_, defaults) => {
      const node = connect(await addUser({ sudoers: `${FREE}\n${defaults}` }));
      const folder = await temporaryFolder();
      await chmod(folder, 0o777);
      const script =
        'trap "" HUP PIPE; touch "$1/begun"; for i in 1 2 3 4 5; do sleep 0.2; echo told; done; touch "$1/done"';
      const failure = node.run(['sh', '-c', script, 'sh', folder]).catch((error: unknown) => error);
      await until('it has begun', () => existsSync(join(folder, 'begun')), 15_000);
      sshd.dropConnections();
      expect(await failure).toMatchObject({ code: 'connection-lost' });
      await until('it has ended', () => existsSync(join(folder, 'done')), 15_000);
    });

    it.each([
      ['asks for a password', 'USER ALL=(ALL) ALL', 'sudo-password'],
      ['does not know the user', undefined, 'sudo-password'],
      ['runs something else only', 'USER ALL=(ALL) NOPASSWD: /bin/true', 'sudo-password'],
      ['wants a terminal', `${FREE}\nDefaults:USER requiretty`, 'sudo-refused'],
    ])('%s', async (_, sudoers, code) => {
      const user = await addUser({ ...(sudoers !== undefined && { sudoers }) });
      await expect(connect(user).run(['true'])).rejects.toMatchObject({
        kind: 'denied',
        code,
        evidence: [expect.stringContaining('sudo')],
        hint: expect.stringContaining(user),
      });
    });
  });

  it('tells that there is no sudo', async () => {
    const programs = await temporaryFolder();
    for (const program of ['sh', 'id']) await symlink(`/usr/bin/${program}`, join(programs, program));
    const poor = await startSshd({ settings: [`SetEnv PATH=${programs}`] });
    const node = sshTransport(poor.destination({ user: await addUser() }), {
      config: await poor.configure(),
    });
    atEnd(() => node.close());
    await expect(node.run(['true'])).rejects.toMatchObject({ kind: 'denied', code: 'sudo-missing' });
  });

  it('is told of an account that has no shell', async () => {
    const user = await addUser({ shell: '/usr/sbin/nologin' });
    await expect(connect(user).run(['true'])).rejects.toMatchObject({
      kind: 'denied',
      code: 'no-shell',
      evidence: ['This account is currently not available.'],
    });
  });

  describe.skipIf(without('sudo', 'tcsh', 'fish', 'bash'))('with a login shell of any kind', () => {
    it.each(['/bin/bash', '/usr/bin/tcsh', '/usr/bin/fish'])('%s', async (shell) => {
      const node = connect(await addUser({ shell, sudoers: FREE }));
      const words = [
        '',
        "'",
        '"',
        '$HOME',
        '`id`',
        '\n',
        '\\',
        '\\\\',
        "\\'",
        '!',
        '!!',
        '!$',
        '~',
        '*',
        '{a,b}',
        'é',
        '%s',
      ];
      const joined = words.flatMap((one) => words.map((two) => `${one}${two}`));
      const { stdout, code } = await node.run(['printf', '%s\\0', ...words, ...joined]);
      expect(stdout.split('\0').slice(0, -1)).toEqual([...words, ...joined]);
      expect(code).toBe(0);
      expect((await node.run(['sh', '-c', 'exit 255'])).code).toBe(255);
    });
  });
});
