import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Files, temporaryFolder, writeFiles } from './folder.ts';
import { atEnd } from './lifetime.ts';
import { type Sshd, startSshd } from './sshd.ts';
import { findProgram } from './tools.ts';

/**
 * A machine of its own with the programs of this one: /etc, /run, /var and /opt, processes, network and the ports of it
 * are its own, and nobody else sees them. It is reached by a real sshd on loopback.
 */
export interface Host {
  readonly sshd: Sshd;
  /** Runs a shell there as root; what it prints, without white space around. Throws where it fails. */
  sh(script: string): string;
  /** In front of the words of a program, has it run here, with the network of the machine. */
  readonly network: readonly string[];
  /** Ends it, as a power cut does. */
  cut(): void;
}

interface HostOptions {
  /** By their absolute path there; programs are told by `#!`. */
  readonly files?: Files;
  /** Folders in front of the usual ones when programs are looked for. */
  readonly path?: string;
  /** Without these programs, by their path. */
  readonly missing?: readonly string[];
}

/** Folders that a machine has for itself, and whether it starts with what is in them here. */
const OWN = {
  '/etc': true,
  '/run': false,
  '/var/log': false,
  '/var/lib/nginx': false,
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
export async function startHost({ files = {}, path, missing = [] }: HostOptions = {}): Promise<Host> {
  const folder = await temporaryFolder();
  const mounts: string[] = [];
  for (const [place, filled] of Object.entries(OWN)) {
    await mkdir(join(folder, place), { recursive: true });
    if (filled)
      await cp(place, join(folder, place), {
        recursive: true,
        verbatimSymlinks: true,
        preserveTimestamps: true,
      });
    mounts.push(`mkdir -p ${place}; mount --bind ${folder}${place} ${place}`);
  }
  await mkdir(join(folder, 'var/log/nginx'));
  // what tests of other kinds and other machines have left
  const stock = [
    'rm -rf /etc/lbctl && chmod 1777 /run && ip link set lo up',
    ...missing.map((program) => `mount --bind /dev/null ${program}`),
  ];
  const program = Object.entries(files).filter(([, content]) => String(content).startsWith('#!'));
  await writeFiles(
    folder,
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name.slice(1), content])),
  );
  await writeFile(
    join(folder, 'init'),
    [
      'set -e',
      ...mounts,
      ...stock,
      ...program.map(([name]) => `chmod 755 ${name}`),
      'echo up',
      // it takes in what others leave, as init does
      'while :; do sleep 1000 & wait $!; done',
    ].join('\n'),
  );
  const holder = spawn('unshare', [...NAMESPACES, 'sh', join(folder, 'init')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atEnd(() => end(holder));
  await begun(holder);
  const init = spawnSync('ps', ['-o', 'pid=', '--ppid', String(holder.pid)], {
    encoding: 'utf8',
  }).stdout.trim();
  const enter = ['-t', init, '-m', '-n', '-p', '--'];
  const search = `${path === undefined ? '' : `${path}:`}/usr/sbin:/usr/bin:/sbin:/bin`;
  const sshd = await startSshd({
    settings: [
      `ForceCommand exec ${findProgram('nsenter')!} ${enter.join(' ')} env PATH=${search} sh -c "$SSH_ORIGINAL_COMMAND"`,
    ],
  });
  return {
    sshd,
    network: [findProgram('nsenter')!, '-t', init, '-n', '--'],
    sh(script) {
      const words = [...enter, 'env', `PATH=${search}`, 'sh', '-c', script];
      const { status, stdout, stderr } = spawnSync('nsenter', words, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${script}: ${stdout}${stderr}`);
      return stdout.trim();
    },
    cut: () => void holder.kill('SIGKILL'),
  };
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
