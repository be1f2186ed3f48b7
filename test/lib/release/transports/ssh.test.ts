import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sshTransport } from '../../../../src/lib/release/transports/ssh.ts';
import type { Transport } from '../../../../src/lib/release/transports/transport.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { type Sshd, startSshd } from '../../../support/sshd.ts';
import { without } from '../../../support/tools.ts';

describe.skipIf(without('ssh', 'sshd'))('sshTransport', () => {
  let sshd: Sshd;
  let config: string;
  beforeAll(async () => {
    sshd = await startSshd();
    config = await sshd.configure();
  });

  function connect(to: Sshd = sshd, settings: Parameters<typeof sshTransport>[1] = { config }): Transport {
    const transport = sshTransport(to.destination(), settings);
    atEnd(() => transport.close());
    return transport;
  }

  it('runs a program: input, output line by line, exit code', async () => {
    const node = connect();
    const lines: string[] = [];
    const script = 'cat; echo wrong >&2; printf last; exit 7';
    const ran = await node.run(['sh', '-c', script], {
      input: Buffer.from('one\ntwo\n'),
      onLine: (line) => lines.push(line),
    });
    expect(ran).toEqual({ code: 7, stdout: 'one\ntwo\nlast', stderr: 'wrong\n' });
    expect(lines).toEqual(['one', 'two', 'last']);
    expect(node.name).toBe(sshd.destination().slice('ssh://'.length));
  });

  it('passes bytes of any kind and number to the input', async () => {
    const input = Buffer.alloc(
      3_000_000,
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
    const { stdout } = await connect().run(['cksum'], { input });
    expect(stdout).toBe(spawnSync('cksum', { input, encoding: 'utf8' }).stdout);
  });

  it('tells the exit code, and no code of what was killed', async () => {
    const node = connect();
    const scripts = ['exit 0', 'exit 1', 'exit 254', 'exit 255', 'kill -9 $$', 'kill -15 $$'];
    const all = await Promise.all(scripts.map((script) => node.run(['sh', '-c', script])));
    expect(all.map(({ code }) => code)).toEqual([0, 1, 254, 255, null, null]);
  });

  it('tells of a program that is not there as shells do', async () => {
    expect((await connect().run(['no-such-program'])).code).toBe(127);
  });

  it('takes words for words, whatever is in them', async () => {
    const node = connect();
    const hard = fc.constantFrom(
      '',
      "'",
      '"',
      '$HOME',
      '`id`',
      '\n',
      '\\',
      '!',
      "\\'",
      '\\\\',
      '~',
      '-n',
      'é',
      '𝄞',
    );
    const word = fc
      .oneof(
        fc.string({ unit: 'binary' }),
        fc.array(hard).map((all) => all.join('')),
      )
      .filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 100 }), async (words) => {
        const { stdout } = await node.run(['printf', '%s\\0', ...words]);
        expect(stdout.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 15 },
    );
  });

  it('takes a word of 20,000 bytes', async () => {
    const word = "it's\n".repeat(4000);
    expect((await connect().run(['printf', '%s', word])).stdout).toBe(word);
  });

  it('refuses a NUL, which no word can have', async () => {
    await expect(connect().run(['echo', 'a\0b'])).rejects.toThrow('NUL');
  });

  it('shares one connection among ten programs that run at once, and more one after the other', async () => {
    const own = await startSshd();
    const node = connect(own, { config: await own.configure() });
    const folder = await temporaryFolder();
    // each waits for all others
    const script = 'touch "$1/$2"; until [ "$(ls "$1" | wc -l)" -ge 10 ]; do sleep 0.05; done';
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, i) => node.run(['sh', '-c', script, 'sh', folder, String(i)])),
    );
    expect(all.map(({ code }) => code)).toEqual(Array(10).fill(0));
    for (let i = 0; i < 3; i++) await node.run(['true']);
    expect(await own.logins()).toBe(1);
  });

  it('opens a connection more where sshd allows no further program over the first', async () => {
    const own = await startSshd({ settings: ['MaxSessions 2'] });
    const node = connect(own, { config: await own.configure() });
    const folder = await temporaryFolder();
    const script = 'cat >"$1/$2"; until [ "$(ls "$1" | wc -l)" -ge 4 ]; do sleep 0.05; done; cat "$1/$2"';
    const all = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        node.run(['sh', '-c', script, 'sh', folder, name], { input: Buffer.from(name) }),
      ),
    );
    expect(all).toEqual(['a', 'b', 'c', 'd'].map((stdout) => ({ code: 0, stdout, stderr: '' })));
    expect(await own.logins()).toBe(3);
  });

  it('reaches twenty nodes at once', async () => {
    const addresses = Array.from({ length: 10 }, (_, i) => `127.0.0.${i + 2}`);
    const servers = [await startSshd({ addresses }), await startSshd({ addresses })];
    const all = await Promise.all(
      servers.flatMap((own) =>
        addresses.map(async (address) => {
          const node = sshTransport(own.destination({ address }), { config: await own.configure() });
          const { stdout } = await node.run(['sh', '-c', 'echo "$SSH_CONNECTION"']);
          await node.close();
          return stdout.trim().split(' ').slice(2).join(' ');
        }),
      ),
    );
    expect(all).toEqual(servers.flatMap(({ port }) => addresses.map((address) => `${address} ${port}`)));
    for (const own of servers) expect(await own.logins()).toBe(10);
  });

  it('comes again where sshd turns newcomers away', async () => {
    const own = await startSshd({ settings: ['MaxStartups 1'] });
    const settings = { config: await own.configure() };
    const nodes = Array.from({ length: 4 }, () => connect(own, settings));
    const all = await Promise.all(nodes.map((node) => node.run(['echo', 'in'])));
    expect(all.map(({ stdout }) => stdout)).toEqual(Array(4).fill('in\n'));
    expect(await own.log()).toContain('MaxStartups');
  });

  it('trusts no other host keys than those of a file that is given', async () => {
    const folder = await temporaryFolder();
    const knownHosts = join(folder, 'with space %h');
    await writeFile(knownHosts, await readFile(sshd.knownHosts, 'utf8'));
    const nobody = await sshd.configure('Host *\n  UserKnownHostsFile /dev/null\n');
    expect((await connect(sshd, { config: nobody, knownHosts }).run(['echo', 'in'])).stdout).toBe('in\n');
    await writeFile(knownHosts, '');
    await expect(connect(sshd, { config, knownHosts }).run(['true'])).rejects.toMatchObject({
      kind: 'denied',
      code: 'host-key-unknown',
    });
  });

  it('goes by the configuration: alias, Include, jump host', async () => {
    const included = join(await temporaryFolder(), 'hosts');
    const address = `HostName 127.0.0.1\n  Port ${sshd.port}\n`;
    await writeFile(included, `Host behind\n  ${address}  ProxyJump front\nHost front\n  ${address}`);
    const jumping = await sshd.configure(`Include ${included}`);
    const logins = await sshd.logins();
    const node = sshTransport('behind', { config: jumping });
    atEnd(() => node.close());
    expect(await node.run(['echo', 'in'])).toEqual({ code: 0, stdout: 'in\n', stderr: '' });
    await node.run(['true']);
    expect(await sshd.logins()).toBe(logins + 2);
  });

  it('does not stumble over what people have set for themselves', async () => {
    const settings = [
      'RequestTTY force',
      'RemoteCommand bash',
      'ControlMaster auto',
      'ControlPath /tmp/nobody-%C',
      'ControlPersist yes',
      `LocalForward ${sshd.port} 127.0.0.1:1`,
      'ExitOnForwardFailure yes',
      'ForwardAgent yes',
      'StrictHostKeyChecking no',
      'LogLevel QUIET',
      'BatchMode no',
    ];
    const theirs = await sshd.configure(`Host *\n${settings.map((line) => `  ${line}\n`).join('')}`);
    const ran = await connect(sshd, { config: theirs }).run(['sh', '-c', 'tty; echo "$SSH_AUTH_SOCK"']);
    expect(ran).toEqual({ code: 0, stdout: 'not a tty\n\n', stderr: '' });
    await expect(
      connect(sshd, {
        config: await sshd.configure('Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n'),
      }).run(['true']),
    ).rejects.toMatchObject({ code: 'host-key-unknown' });
  });

  it('goes through the connection that a person keeps where a key is not enough', async () => {
    const folder = await temporaryFolder();
    const own = await startSshd();
    const open = await own.configure(`Host *\n  ControlPath ${folder}/%C\n`);
    const by = ['-F', open, '-o', 'ControlMaster=yes', '-N', '-f', own.destination()];
    expect(spawnSync('ssh', by, { stdio: 'ignore' }).status).toBe(0);
    const keyless = await own.configure(
      `Host *\n  ControlPath ${folder}/%C\n  IdentityFile /nonexistent\n  PubkeyAuthentication no\n`,
    );
    const node = connect(own, { config: keyless });
    expect((await node.run(['echo', 'in'])).stdout).toBe('in\n');
    await node.close();
    const check = ['-F', open, '-O', 'check', own.destination()];
    expect(spawnSync('ssh', check, { stdio: 'ignore' }).status).toBe(0);
    spawnSync('ssh', ['-F', open, '-O', 'exit', own.destination()], { stdio: 'ignore' });
  });

  it('shows no banner as the words of a program', async () => {
    const banner = join(await temporaryFolder(), 'banner');
    await writeFile(banner, 'Authorized use only\n');
    const own = await startSshd({ settings: [`Banner ${banner}`, 'PrintMotd yes'] });
    const ran = await connect(own, { config: await own.configure() }).run(['echo', 'in']);
    expect(ran).toEqual({ code: 0, stdout: 'in\n', stderr: '' });
  });
});
