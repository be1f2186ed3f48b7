import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, startMachine } from '../../../support/host.ts';
import { until } from '../../../support/wait.ts';
import type { Image } from './images.ts';

/** What a computer is made of. */
interface Parts extends Image {
  /** Who logs in, by a certificate of the authority. */
  readonly user: string;
  /** Public key of the authority. */
  readonly authority: string;
  /** Authorities that it trusts beside those of its system, in PEM form. */
  readonly trusted: string;
}

/** How user data went. */
export interface FirstBoot {
  readonly code: number | null;
  /** What it wrote to its standard output and error output. */
  readonly output: string;
}

export interface Computer {
  readonly machine: Machine;
  readonly hostKeys: readonly string[];
  /** Undefined where this was not its first boot. */
  readonly firstBoot: Promise<FirstBoot> | undefined;
}

const SSHD = `Port 22
HostKey /etc/ssh/lightsail_host_key
TrustedUserCAKeys /etc/ssh/lightsail_ca.pub
AuthorizedKeysFile none
StrictModes no
UsePAM no
UseDNS no
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel VERBOSE
SetEnv SHLVL=1
KexAlgorithms curve25519-sha256
MaxStartups 100
`;

/** Makes the user and the host keys of a machine that has none yet. */
const SETUP = `
mkdir -p /run/sshd
[ -e /etc/ssh/lightsail_host_key ] && exit 0
ssh-keygen -q -t ed25519 -N '' -C '' -f /etc/ssh/lightsail_host_key
echo "$USER_NAME:x:2001:2001::/:/bin/sh" >>/etc/passwd
echo "$USER_NAME:*:19000::::::" >>/etc/shadow
echo "$USER_NAME:x:2001:" >>/etc/group
echo "$USER_NAME ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/90-cloud-init-users
chmod 440 /etc/sudoers.d/90-cloud-init-users
cat /etc/ssl/lightsail_trusted.pem >>/etc/ssl/certs/ca-certificates.crt
`;

/**
 * Boots a machine: from an image, with what user data does then, or from the disk of one that has been cut. Gives it when
 * sshd listens; user data goes on in the background, under a shell that does not mind its first line, as on Lightsail.
 */
export async function bootComputer(
  { files, missing, start, user, authority, trusted }: Parts,
  connect: (machine: Machine) => void,
  userData: string | undefined,
  disk?: string,
): Promise<Computer> {
  const machine = await startMachine({
    missing,
    files: {
      '/etc/ssh/lightsail_sshd': SSHD,
      '/etc/ssh/lightsail_ca.pub': authority,
      '/etc/ssl/lightsail_trusted.pem': trusted,
      ...files,
    },
    ...(disk === undefined ? {} : { disk }),
  });
  connect(machine);
  machine.sh(`USER_NAME=${user}${SETUP}`);
  // where NGINX does not start, a system comes up all the same
  machine.sh(`{ ${start}\n} >/var/log/start.log 2>&1 || :`);
  const log = join(machine.disk, 'var/log/sshd.log');
  run(machine, [
    'sh',
    '-c',
    ': >/var/log/sshd.log; exec /usr/sbin/sshd -D -f /etc/ssh/lightsail_sshd -E /var/log/sshd.log',
  ]);
  await until('sshd listens', async () =>
    (await readFile(log, 'utf8').catch(() => '')).includes('Server listening'),
  );
  return {
    machine,
    hostKeys: [machine.sh('cat /etc/ssh/lightsail_host_key.pub')],
    firstBoot: userData === undefined ? undefined : runUserData(machine, userData),
  };
}

function run({ enter }: Machine, words: readonly string[]): ReturnType<typeof spawn> {
  const child = spawn(enter[0]!, [...enter.slice(1), ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
  // it ends when the machine is cut
  child.on('error', () => undefined);
  return child;
}

/** As cloud-init does, which keeps the output there, too. */
function runUserData(machine: Machine, userData: string): Promise<FirstBoot> {
  const log = '/var/log/cloud-init-output.log';
  const child = run(machine, [
    'sh',
    '-c',
    `cat >/run/user-data; exec sh /run/user-data >>${log} 2>&1 </dev/null`,
  ]);
  child.stdin!.on('error', () => undefined).end(userData);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      void readFile(join(machine.disk, log), 'utf8')
        .catch(() => '')
        .then((output) => resolve({ code, output }));
    });
  });
}
