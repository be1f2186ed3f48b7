import { spawnSync } from 'node:child_process';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { UserError } from '../../../../../src/lib/errors.ts';
import { sshTransport } from '../../../../../src/lib/release/transports/ssh.ts';
import { connectionTrouble } from '../../../../../src/lib/release/transports/ssh/trouble.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { atEnd } from '../../../../support/lifetime.ts';
import { freePort } from '../../../../support/ports.ts';
import { makeKey, type Sshd, startSshd } from '../../../../support/sshd.ts';
import { without } from '../../../../support/tools.ts';

describe.skipIf(without('ssh', 'sshd'))('a node that cannot be reached by ssh', () => {
  let sshd: Sshd;
  let folder: string;
  beforeAll(async () => {
    sshd = await startSshd();
    folder = await temporaryFolder();
  });

  /** Why `true` is not run there. `more` goes into the configuration of ssh. */
  async function failure(destination: string, more = '', settings = {}): Promise<UserError> {
    const config = await sshd.configure(more);
    const node = sshTransport(destination, { config, connectTimeout: 5, ...settings });
    atEnd(() => node.close());
    return node.run(['true']).then(
      () => expect.unreachable('it is reached'),
      (error: UserError) => error,
    );
  }

  it('has no name that is known', async () => {
    expect(await failure('lb1.invalid')).toMatchObject({
      kind: 'failed',
      code: 'host-not-found',
      message: expect.stringMatching(/^cannot find lb1\.invalid: lb1\.invalid: ./u),
    });
  });

  it('refuses connections', async () => {
    const port = await freePort();
    expect(await failure(`ssh://127.0.0.1:${port}`)).toMatchObject({
      kind: 'failed',
      code: 'connection-refused',
      message: `127.0.0.1:${port} refuses connections to port ${port}`,
    });
  });

  it('is nowhere', async () => {
    // an address of documentation; networks drop packets to it, or tell at once that they do
    const { kind, code } = await failure('192.0.2.1', '', { connectTimeout: 2 });
    expect(kind).toBe('failed');
    expect(['connection-timeout', 'no-route', 'connection-refused']).toContain(code);
  });

  it.each([
    ['says nothing', '', 'connection-timeout'],
    ['is not sshd', 'HTTP/1.1 400 Bad Request\r\n\r\n\u0000\r\n', 'not-ssh'],
  ])('takes connections, but %s', async (_, greeting, code) => {
    const server = createServer((socket) => void socket.on('error', () => undefined).write(greeting));
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    atEnd(() => void server.close());
    const error = await failure(`ssh://127.0.0.1:${port}`, '', { connectTimeout: 2 });
    expect(error).toMatchObject({ kind: 'failed', code });
  });

  describe('host keys', () => {
    it('is not known', async () => {
      const error = await failure(sshd.destination(), 'Host *\n  UserKnownHostsFile /dev/null\n');
      expect(error).toMatchObject({
        kind: 'denied',
        code: 'host-key-unknown',
        message: expect.stringContaining(`is not known: ssh-ed25519 ${sshd.fingerprint}`),
        hint: expect.stringContaining(`run ssh ${sshd.destination()} once`),
      });
    });

    it('has another one than it had', async () => {
      const other = await makeKey(folder, 'other_host_key');
      const knownHosts = join(folder, 'known');
      await writeFile(
        knownHosts,
        `# a comment\n[127.0.0.1]:${sshd.port} ${await readFile(`${other}.pub`, 'utf8')}`,
      );
      const print = spawnSync('ssh-keygen', ['-lf', other], { encoding: 'utf8' }).stdout.split(' ')[1];
      const offered = `offered is ssh-ed25519 ${sshd.fingerprint}, expected is ED25519 ${print} (${knownHosts}:2)`;
      const changed = {
        kind: 'denied',
        code: 'host-key-changed',
        message: expect.stringContaining(`shows another host key than it had: ${offered}`),
      };
      expect(await failure(sshd.destination(), '', { knownHosts })).toMatchObject(changed);
      const more = `Host *\n  UserKnownHostsFile ${knownHosts}\n`;
      expect(await failure(sshd.destination(), more)).toMatchObject(changed);
    });

    it('has one that is revoked', async () => {
      const knownHosts = join(folder, 'revoked');
      await writeFile(knownHosts, `@revoked ${await readFile(sshd.knownHosts, 'utf8')}`);
      expect(await failure(sshd.destination(), '', { knownHosts })).toMatchObject({
        kind: 'denied',
        code: 'host-key-revoked',
      });
    });

    it('is to be found in a file that is not there', async () => {
      const knownHosts = join(folder, 'no-such-file');
      expect(await failure(sshd.destination(), '', { knownHosts })).toMatchObject({
        kind: 'input',
        code: 'known-hosts',
      });
    });
  });

  describe('keys', () => {
    it('lets nobody in with those that are offered', async () => {
      const key = await makeKey(folder, 'stranger');
      const more = `Host *\n  IdentityFile ${key}\n`;
      const own = await startSshd();
      await writeFile(join(folder, 'empty'), await readFile(own.knownHosts, 'utf8'));
      const error = await failure(own.destination({ user: 'root' }), more, {
        knownHosts: join(folder, 'empty'),
      });
      expect(error).toMatchObject({
        kind: 'denied',
        code: 'permission-denied',
        message: `root@127.0.0.1:${own.port} does not let root in`,
        evidence: expect.arrayContaining([
          expect.stringMatching(new RegExp(`^offered: ${key} ED25519 SHA256:`, 'u')),
        ]),
        hint: expect.stringContaining('authorized_keys of root'),
      });
    });

    it('has no key to be offered', async () => {
      const error = await failure(sshd.destination({ user: 'root' }), `Host *\n  PubkeyAuthentication no\n`);
      expect(error).toMatchObject({
        code: 'permission-denied',
        hint: expect.stringContaining('there was no key to offer'),
      });
    });

    it('would take one that has a passphrase', async () => {
      const key = await makeKey(folder, 'locked', 'secret');
      await appendFile(join(sshd.key, '../authorized_keys'), await readFile(`${key}.pub`, 'utf8'));
      const config = join(folder, 'config-locked');
      const base = await readFile(await sshd.configure(), 'utf8');
      await writeFile(config, base.replace(sshd.key, key));
      expect(await failure(sshd.destination(), '', { config })).toMatchObject({
        code: 'permission-denied',
        hint: `it would take ${key}, which has a passphrase or is not usable: ssh-add ${key}`,
      });
    });

    it('wants more than a key', async () => {
      const own = await startSshd({
        settings: [
          'AuthenticationMethods publickey,keyboard-interactive',
          'KbdInteractiveAuthentication yes',
        ],
      });
      const config = await own.configure();
      expect(await failure(own.destination(), '', { config })).toMatchObject({
        kind: 'denied',
        code: 'permission-denied',
        hint: expect.stringContaining('wants more than a key'),
      });
    });

    it('is offered too many', async () => {
      const own = await startSshd({ settings: ['MaxAuthTries 2'] });
      const keys: string[] = [];
      for (const name of ['first', 'second', 'third']) keys.push(await makeKey(folder, name));
      const config = await own.configure(`Host *\n${keys.map((key) => `  IdentityFile ${key}\n`).join('')}`);
      expect(await failure(own.destination(), '', { config })).toMatchObject({
        kind: 'denied',
        code: 'too-many-keys',
        evidence: [expect.stringContaining('first'), expect.stringContaining('second')],
        hint: expect.stringContaining('IdentitiesOnly yes'),
      });
    });
  });

  it('has no algorithm in common', async () => {
    const more = 'Host *\n  HostKeyAlgorithms rsa-sha2-512\n';
    expect(await failure(sshd.destination(), more)).toMatchObject({
      code: 'no-common-algorithm',
      hint: expect.stringContaining('it offers ssh-ed25519'),
    });
  });

  it('has a configuration that ssh does not accept', async () => {
    expect(await failure('lb1', 'NoSuchOption yes\n')).toMatchObject({
      kind: 'input',
      code: 'ssh-configuration',
      evidence: expect.arrayContaining([expect.stringMatching(/nosuchoption/iu)]),
    });
  });

  it('runs no programs for the user', async () => {
    const own = await startSshd({ keyOptions: 'command="echo no shell for you"' });
    const config = await own.configure();
    expect(await failure(own.destination(), '', { config })).toMatchObject({
      kind: 'denied',
      code: 'no-shell',
      evidence: ['no shell for you'],
    });
  });

  it('wants another user, as machines of AWS do', async () => {
    const text = 'Please login as the user \\"ubuntu\\" rather than the user \\"root\\".';
    const own = await startSshd({ keyOptions: `command="echo '${text}'; exit 142"` });
    const config = await own.configure();
    expect(await failure(own.destination(), '', { config })).toMatchObject({
      kind: 'denied',
      code: 'other-user',
      hint: `write ubuntu@127.0.0.1:${own.port}`,
    });
  });

  it('has a login shell that prints something', async () => {
    const own = await startSshd({
      keyOptions: 'command="echo Welcome; sh -c \\"$SSH_ORIGINAL_COMMAND\\""',
    });
    const config = await own.configure();
    expect(await failure(own.destination(), '', { config })).toMatchObject({
      code: 'shell-prints',
      evidence: ['Welcome'],
    });
  });

  describe('behind a jump host', () => {
    const behind = (jump: string, more = ''): string =>
      `Host behind\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  ProxyJump jump\n${more}\n` +
      `Host jump\n  HostName 127.0.0.1\n  Port ${sshd.port}\n${jump}\n`;
    const place = 'jump, the jump host on the way to behind,';

    it('which is not known', async () => {
      expect(await failure('behind', behind('  UserKnownHostsFile /dev/null'))).toMatchObject({
        kind: 'denied',
        code: 'host-key-unknown',
        message: `the host key of ${place} is not known: ssh-ed25519 ${sshd.fingerprint}`,
        hint: expect.stringContaining('run ssh jump once'),
      });
    });

    it('which lets nobody in', async () => {
      expect(await failure('behind', behind('  PubkeyAuthentication no\n  User root'))).toMatchObject({
        kind: 'denied',
        code: 'permission-denied',
        message: `${place} does not let root in`,
      });
    });

    it('which refuses connections', async () => {
      const port = await freePort();
      const more = `Host jump\n  Port ${port}\n${behind('')}`;
      expect(await failure('behind', more)).toMatchObject({
        code: 'connection-refused',
        message: `${place} refuses connections to port ${port}`,
      });
    });

    it('which does not reach it', async () => {
      const more = `Host behind\n  Port ${await freePort()}\n${behind('')}`;
      expect(await failure('behind', more)).toMatchObject({
        code: 'jump-host-failed',
        message: `${place} does not pass connections on: connect failed: Connection refused`,
      });
    });

    it('which leads to what says nothing', async () => {
      const server = createServer((socket) => void socket.on('error', () => undefined));
      const port = await freePort();
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      atEnd(() => void server.close());
      const more = `Host behind\n  Port ${port}\n${behind('')}`;
      expect(await failure('behind', more)).toMatchObject({
        code: 'connection-timeout',
        message: 'behind does not answer through the jump host jump',
      });
    });

    it('which passes nothing on', async () => {
      const own = await startSshd({ settings: ['AllowTcpForwarding no'] });
      const more = `Host jump\n  Port ${own.port}\n  UserKnownHostsFile ${own.knownHosts}\n  IdentityFile ${own.key}\n`;
      expect(await failure('behind', `${more}${behind('')}`)).toMatchObject({
        code: 'jump-host-failed',
        hint: expect.stringContaining('AllowTcpForwarding'),
      });
    });

    it('which is a program that fails', async () => {
      // ssh ends it once its output is closed, be it to speak elsewhere, so this one says first what it has to say
      const more = `Host behind\n  ProxyCommand sh -c 'echo no such instance >&2; exit 1'\n`;
      expect(await failure('behind', more)).toMatchObject({
        code: 'jump-host-failed',
        message: 'cannot reach behind: the ProxyCommand of the ssh configuration failed',
        evidence: ['no such instance'],
      });
    });
  });

  it('is out of reach where ssh is not installed', async () => {
    const { PATH } = process.env;
    process.env['PATH'] = folder;
    const error = await failure('lb1').finally(() => (process.env['PATH'] = PATH));
    expect(error).toMatchObject({ kind: 'failed', code: 'ssh-missing' });
  });
});

/** What this network cannot be made to do, as ssh tells of it. */
describe('connectionTrouble', () => {
  it.each([
    [
      'ssh: connect to host lb1 port 22: Connection timed out',
      'connection-timeout',
      /does not answer on port 22/u,
    ],
    [
      'ssh: connect to host lb1 port 22: Operation timed out',
      'connection-timeout',
      /does not answer on port 22/u,
    ],
    ['ssh: connect to host lb1 port 22: No route to host', 'no-route', /No route to host/u],
    ['ssh: connect to host lb1 port 22: Network is unreachable', 'no-route', /Network is unreachable/u],
    [
      'kex_exchange_identification: read: Connection reset by peer\r',
      'connection-closed',
      /closed the connection/u,
    ],
    ['something new', 'ssh-failed', /cannot log in/u],
  ])('%s', (log, code, message) => {
    const error = connectionTrouble({ name: 'lb1', destination: 'lb1', log: `debug1: x\n${log}\n` });
    expect(error).toMatchObject({ kind: 'failed', code, message: expect.stringMatching(message) });
  });

  it('tells of a program on the way that ends and says nothing', () => {
    const log =
      'debug1: Executing proxy command: exec false\nkex_exchange_identification: Connection closed by remote host\n';
    const { code, message, hint } = connectionTrouble({ name: 'lb1', destination: 'ops@lb1', log });
    expect([code, message]).toEqual([
      'connection-closed',
      'lb1, or the ProxyCommand of the ssh configuration, closed the connection before anybody had logged in',
    ]);
    expect(hint).toMatch(/^ssh -v ops@lb1 shows what is run on the way/u);
  });
});
