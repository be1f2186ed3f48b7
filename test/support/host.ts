import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Files, temporaryFolder, writeFiles } from './folder.ts';
import { atEnd } from './lifetime.ts';
import { type Sshd, startSshd } from './sshd.ts';
import { findProgram } from './tools.ts';

/**
 * A machine of its own with the programs of this one: /etc, /run, /var and /opt, processes, network and the ports of it
 * are its own, and nobody else sees them.
 */
export interface Machine {
  /** In front of the words of a program, runs it there as root. */
  readonly enter: readonly string[];
  /** Runs a shell there as root; what it prints, without white space around. Throws where it fails. */
  sh(script: string): string;
  /** In front of the words of a program, has it run here, with the network of the machine. */
  readonly network: readonly string[];
  /** Its first process, as it is seen from here. */
  readonly pid: number;
  /** Folder that holds what is its own, such as `etc`; another machine that is started with it goes on from there. */
  readonly disk: string;
  /** Ends it, as a power cut does. */
  cut(): void;
}

/** One that is reached by a real sshd on loopback. */
export interface Host extends Machine {
  readonly sshd: Sshd;
}

interface HostOptions {
  /** By their absolute path there; programs are told by `#!`. Those outside of its own folders must exist here. */
  readonly files?: Files;
  /** Folders in front of the usual ones when programs are looked for. */
  readonly path?: string;
  /** Without these programs, by their path. */
  readonly missing?: readonly string[];
  /** Of a machine that has been cut. */
  readonly disk?: string;
}

/** Folders that a machine has for itself, and whether it starts with what is in them here. */
const OWN = {
  '/etc': true,
  '/run': false,
  '/var/log': false,
  '/var/lib/nginx': false,
  '/var/lib/lbctl': false,
  '/opt': false,
} as const;

/** Whether machines can be made: for `describe.skipIf`. It takes root, and a container that may make namespaces. */
export function withoutHosts(): boolean {
  if (process.getuid?.() !== 0) return true;
  const { status } = spawnSync(
    'unshare',
    [...NAMESPACES, 'sh', '-c', 'mount -t tmpfs none /mnt && ip link set lo up'],
    {
      stdio: 'ignore',
    },
  );
  if (status !== 0) console.warn('namespaces cannot be made here, so these tests are skipped');
  return status !== 0;
}

const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Starts it; it ends with the tests of the file. */
export async function startHost(options: HostOptions = {}): Promise<Host> {
  const machine = await startMachine(options);
  const enter = [findProgram('nsenter')!, ...machine.enter.slice(1)].join(' ');
  const sshd = await startSshd({ settings: [`ForceCommand exec ${enter} sh -c "$SSH_ORIGINAL_COMMAND"`] });
  return { ...machine, sshd };
}

/** The same without an sshd. */
export async function startMachine(options: HostOptions = {}): Promise<Machine> {
  const { files = {}, path, missing = [] } = options;
  const disk = options.disk ?? (await temporaryFolder());
  if (options.disk === undefined) await fillDisk(disk, files);
  const isOwn = (file: string): boolean => Object.keys(OWN).some((place) => file.startsWith(`${place}/`));
  const programs = Object.entries(files).filter(([, content]) => String(content).startsWith('#!'));
  await writeFile(
    join(disk, 'init'),
    [
      'set -e',
      // what is run in its place later finds it by then
      ...programs.map(([file]) => `chmod 755 ${disk}${file}`),
      ...Object.keys(OWN).map((place) => `mkdir -p ${place}; mount --bind ${disk}${place} ${place}`),
      // what tests of other kinds and other machines have left
      ...(options.disk === undefined ? ['rm -rf /etc/lbctl'] : []),
      'chmod 1777 /run && ip link set lo up',
      ...missing.map((program) => `mount --bind /dev/null ${program}`),
      ...Object.keys(files)
        .filter((file) => !isOwn(file))
        .map((file) => `mount --bind ${disk}${file} ${file}`),
      'exec 3<&0 && echo up',
      // it takes in what others leave, as init does, and ends with whoever started it, however that ends
      'cat <&3 >/dev/null & wait $!',
    ].join('\n'),
  );
  const holder = spawn('unshare', [...NAMESPACES, 'sh', join(disk, 'init')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  atEnd(() => end(holder));
  await begun(holder);
  const init = spawnSync('ps', ['-o', 'pid=', '--ppid', String(holder.pid)], {
    encoding: 'utf8',
  }).stdout.trim();
  const search = `${path === undefined ? '' : `${path}:`}/usr/sbin:/usr/bin:/sbin:/bin`;
  const enter = ['nsenter', '-t', init, '-m', '-n', '-p', '--', 'env', `PATH=${search}`];
  return {
    enter,
    pid: Number(init),
    disk,
    network: [findProgram('nsenter')!, '-t', init, '-n', '--'],
    sh(script) {
      const { status, stdout, stderr } = spawnSync(enter[0]!, [...enter.slice(1), 'sh', '-c', script], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${script}: ${stdout}${stderr}`);
      return stdout.trim();
    },
    cut: () => void holder.kill('SIGKILL'),
  };
}

async function fillDisk(disk: string, files: Files): Promise<void> {
  for (const [place, filled] of Object.entries(OWN)) {
    await mkdir(join(disk, place), { recursive: true });
    if (!filled) continue;
    // one by one, as Node copies files, it takes ten times as long
    const { status, stderr } = spawnSync('cp', ['-a', `${place}/.`, join(disk, place)], { encoding: 'utf8' });
    // what goes meanwhile, such as the locks of useradd in another test, is nothing that a machine needs
    const wrong = stderr
      .split('\n')
      .filter((line) => line !== '' && !line.endsWith('No such file or directory'));
    if (status !== 0 && wrong.length > 0) throw new Error(`cp: ${wrong.join('\n')}`);
  }
  await mkdir(join(disk, 'var/log/nginx'));
  await writeFiles(
    disk,
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name.slice(1), content])),
  );
}

function begun(holder: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    holder.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    holder.stdout!.once('data', () => resolve());
    holder.once('exit', () => reject(new Error(`the machine does not start: ${said}`)));
  });
}

async function end(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await ended;
}
