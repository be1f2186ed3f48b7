import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from './folder.ts';
import { atEnd } from './lifetime.ts';
import { freePort } from './ports.ts';
import { findProgram } from './tools.ts';
import { until } from './wait.ts';

/** A real sshd on loopback that lets one key in, for the user of the tests and those that `addUser` makes. */
export interface Sshd {
  readonly port: number;
  /** A destination at one of its addresses, the first when left out; of the user of the tests unless one is named. */
  destination(of?: { address?: string; user?: string }): string;
  /** A configuration of ssh that knows key and host keys; `more` comes first, so that its settings count. */
  configure(more?: string): Promise<string>;
  /** With the host keys of all its addresses. */
  readonly knownHosts: string;
  /** Fingerprint of its host key. */
  readonly fingerprint: string;
  /** Private key that it lets in. */
  readonly key: string;
  log(): Promise<string>;
  /** How many have logged in since it started. */
  logins(): Promise<number>;
  /** Ends all connections, as a network does that goes away: what runs is not told. */
  dropConnections(signal?: NodeJS.Signals): void;
  stop(): Promise<void>;
}

interface SshdOptions {
  /** Sixteen at most. */
  readonly addresses?: readonly string[];
  /** Lines of sshd_config, before all others. */
  readonly settings?: readonly string[];
  /** What goes before the key in authorized_keys. */
  readonly keyOptions?: string;
}

const servers = new Set<ChildProcess>();
process.once('exit', () => servers.forEach((sshd) => sshd.kill('SIGKILL')));

/** Starts it and waits until it answers. It ends with the tests of the file. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const { addresses = ['127.0.0.1'], settings = [], keyOptions = '' } = options;
  const folder = await temporaryFolder();
  const port = await freePort();
  const [hostKey, key] = [await makeKey(folder, 'host_key'), await makeKey(folder, 'key')];
  const publicKey = await readFile(`${hostKey}.pub`, 'utf8');
  const [knownHosts, log] = [join(folder, 'known_hosts'), join(folder, 'sshd.log')];
  await writeFile(knownHosts, addresses.map((address) => `[${address}]:${port} ${publicKey}`).join(''));
  const authorized = join(folder, 'authorized_keys');
  await writeFile(authorized, `${keyOptions} ${await readFile(`${key}.pub`, 'utf8')}`.trimStart());
  const config = [
    ...settings,
    ...addresses.map((address) => `ListenAddress ${address}`),
    `Port ${port}`,
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${authorized}`,
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PidFile none',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'LogLevel VERBOSE',
    // the bash of whoever runs the tests would read their .bashrc each time, which may take longer than what is asked
    'SetEnv SHLVL=1',
    // the default of newer ones takes ten times as long
    'KexAlgorithms curve25519-sha256',
  ];
  await writeFile(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  // where packages let the system make it at start
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const sshd = spawn(findProgram('sshd')!, ['-D', '-f', join(folder, 'sshd_config'), '-E', log], {
    stdio: 'ignore',
  });
  servers.add(sshd);
  const ended = new Promise<void>((resolve) => sshd.once('exit', () => resolve(void servers.delete(sshd))));
  const readLog = (): Promise<string> => readFile(log, 'utf8').catch(() => '');
  const dropConnections = (signal: NodeJS.Signals = 'SIGKILL'): void => drop(sshd.pid!, signal);
  async function stop(): Promise<void> {
    if (sshd.exitCode !== null || sshd.signalCode !== null) return;
    dropConnections();
    sshd.kill('SIGTERM');
    await ended;
  }
  atEnd(stop);
  await until('sshd listens', async () => {
    const text = await readLog();
    if (sshd.exitCode !== null) throw new Error(`sshd ended with ${sshd.exitCode}\n${text}`);
    return text.split('Server listening on').length > addresses.length;
  });
  let configurations = 0;
  return {
    port,
    knownHosts,
    key,
    fingerprint: spawnSync('ssh-keygen', ['-lf', hostKey], { encoding: 'utf8' }).stdout.split(' ')[1]!,
    destination: ({ address = addresses[0], user = userInfo().username } = {}) =>
      `ssh://${user}@${address}:${port}`,
    async configure(more = '') {
      const file = join(folder, `config-${++configurations}`);
      const base = [
        'Host *',
        `  IdentityFile ${key}`,
        '  IdentitiesOnly yes',
        '  IdentityAgent none',
        `  UserKnownHostsFile ${knownHosts}`,
        '  GlobalKnownHostsFile /dev/null',
      ];
      await writeFile(file, `${more}\n${base.join('\n')}\n`);
      return file;
    },
    log: readLog,
    logins: async () => (await readLog()).split('Accepted publickey').length - 1,
    dropConnections,
    stop,
  };
}

/** Makes a key without a passphrase, unless one is given. */
export async function makeKey(folder: string, name: string, passphrase = ''): Promise<string> {
  const file = join(folder, name);
  const { status, stderr } = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
  await chmod(file, 0o600);
  return file;
}

/** What sshd has made of itself for its connections; what these run goes on. */
function drop(pid: number, signal: NodeJS.Signals): void {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  const processes = stdout.split('\n').map((line) => line.trim().split(/\s+/u));
  const children = (parent: number): number[] =>
    processes
      .filter(([, ppid, name]) => Number(ppid) === parent && /sshd/u.test(name ?? ''))
      .flatMap(([child]) => [Number(child), ...children(Number(child))]);
  for (const child of children(pid)) {
    try {
      process.kill(child, signal);
    } catch {
      // it has ended with the one before
    }
  }
}

interface User {
  readonly shell?: string;
  /** Lines of /etc/sudoers.d; `USER` is the user's name. */
  readonly sudoers?: string;
}

let users = 0;

/** Exit code of userdel where processes of the user run. */
const USED = 8;

/** Makes a user of the system, who goes with the tests of the file; for tests that run as root. */
export async function addUser({ shell = '/bin/sh', sudoers }: User = {}): Promise<string> {
  const name = `lbctl-${process.pid}-${++users}`;
  const rules = `/etc/sudoers.d/${name}`;
  // a password that is not one, where `!` would lock the account
  execute('useradd', ['-M', '-d', '/', '-p', '*', '-s', shell, name]);
  atEnd(async () => {
    await rm(rules, { force: true });
    // what was started by them may be just ending
    await until(`nobody uses ${name}`, () => {
      const { status, stderr } = spawnSync(findProgram('userdel')!, [name], { encoding: 'utf8' });
      if (status !== 0 && status !== USED) throw new Error(`userdel: ${stderr}`);
      return status === 0;
    });
  });
  if (sudoers !== undefined) await writeFile(rules, `${sudoers.replaceAll('USER', name)}\n`, { mode: 0o440 });
  return name;
}

function execute(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}
