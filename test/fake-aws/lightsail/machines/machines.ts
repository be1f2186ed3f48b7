import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../../support/folder.ts';
import { type Machine, startMachine, withoutHosts } from '../../../support/host.ts';
import { makeKey } from '../../../support/sshd.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { userOf } from '../catalog.ts';
import { publicAddress } from '../instance.ts';
import type { Access, Machines } from '../settings.ts';
import type { Instance, State } from '../state.ts';
import { bootComputer, type Computer, type FirstBoot } from './computer.ts';
import { portsOf, type Route, startGateway } from './gateway.ts';
import { imageOf } from './images.ts';
import { startVpc, type Vpc } from './vpc.ts';

/**
 * Machines of their own behind instances: namespaces with a real sshd, which are reached at public addresses of loopback,
 * by the ports that are open in the firewall, and by each other at their private ones.
 */
export interface RealMachines extends Machines {
  /** The machine of an instance, once it is up. */
  of(name: string): Promise<Computer>;
  /** How the user data of an instance went, once it has ended. */
  firstBoot(name: string): Promise<FirstBoot>;
  /** A machine in the private network of a region that is no instance, at an address of 172.26.128.0/17. */
  beside(region: string, address: string): Promise<Machine>;
  /** Has machines that are made from now on trust an authority, in PEM form. */
  trust(authority: string): void;
}

/** Whether there can be none: for `describe.skipIf`. They take networks of their own, and ports that nobody has here. */
export function withoutMachines(): boolean {
  if (withoutHosts() || without('ssh', 'sshd', 'sudo', 'nginx')) return true;
  const probe = 'ip link add br0 type bridge && ip link add v0 type veth peer name v1';
  const { status } = spawnSync('unshare', ['--net', 'sh', '-c', probe], { stdio: 'ignore' });
  const reason = status === 0 ? takenPorts() : 'private networks cannot be made here';
  if (reason !== undefined) console.warn(`${reason}, so these tests are skipped`);
  return reason !== undefined;
}

/** Who listens at all addresses listens at those of instances, too. */
function takenPorts(): string | undefined {
  const lines = ['tcp', 'tcp6'].flatMap((kind) => readFileSync(`/proc/net/${kind}`, 'utf8').split('\n'));
  const ends = lines.map((line) => line.trim().split(/\s+/u)).filter(([, , , state]) => state === '0A');
  const listening = new Set(
    ends.flatMap(([, end = '']) => (/^0+:/u.test(end) ? [Number.parseInt(end.split(':')[1]!, 16)] : [])),
  );
  const taken = [22, 80, 443].filter((port) => listening.has(port));
  return taken.length === 0 ? undefined : `port ${taken.join(' and ')} of this machine is taken`;
}

interface Kept {
  computer: Computer | undefined;
  /** Times that it was told to boot. */
  boots: number;
  firstBoot: Promise<FirstBoot> | undefined;
  disk: string | undefined;
  failed: unknown;
}

/** How long a machine may take to boot, in milliseconds, on a computer that has much to do. */
const BOOT = 30_000;

export async function realMachines(): Promise<RealMachines> {
  const folder = await temporaryFolder();
  const authority = await makeKey(folder, 'ca');
  const publicKey = await readFile(`${authority}.pub`, 'utf8');
  const key = await makeKey(folder, 'key');
  const privateKey = await readFile(key, 'utf8');
  const gateway = startGateway();
  const vpcs = new Map<string, Promise<Vpc>>();
  const kept = new Map<string, Kept>();
  const names = new Map<string, string>();
  // two runs of tests at once have different addresses
  const [first, second] = [randomInt(64, 250), randomInt(250)];
  let given = 0;
  let trusted = '';

  function vpcIn(region: string): Promise<Vpc> {
    const vpc = vpcs.get(region) ?? startVpc();
    vpcs.set(region, vpc);
    return vpc;
  }

  async function boot(instance: Instance, record: Kept): Promise<void> {
    const { blueprintId } = instance;
    const vpc = await vpcIn(instance.region);
    const userData = record.disk === undefined ? instance.userData : undefined;
    const computer = await bootComputer(
      { ...imageOf(blueprintId), user: userOf(blueprintId), authority: publicKey, trusted },
      (machine) => vpc.join(machine, instance.privateIpAddress),
      userData,
      record.disk,
    );
    if (kept.get(instance.arn) !== record || record.boots !== instance.boots) return computer.machine.cut();
    record.disk = computer.machine.disk;
    record.firstBoot ??= computer.firstBoot;
    record.computer = computer;
  }

  function bring(instance: Instance): void {
    const record = kept.get(instance.arn) ?? {
      computer: undefined,
      boots: 0,
      firstBoot: undefined,
      disk: undefined,
      failed: undefined,
    };
    kept.set(instance.arn, record);
    names.set(instance.name, instance.arn);
    if (instance.state === 'stopped' || instance.boots !== record.boots) cut(record);
    if (instance.boots === record.boots) return;
    record.boots = instance.boots;
    boot(instance, record).catch((error: unknown) => (record.failed = error));
  }

  function cut(record: Kept): void {
    record.computer?.machine.cut();
    record.computer = undefined;
  }

  async function follow({ instances, ...state }: State): Promise<void> {
    for (const [arn, record] of kept) {
      if (instances.some((instance) => instance.arn === arn)) continue;
      cut(record);
      kept.delete(arn);
    }
    for (const instance of instances) bring(instance);
    const routes: Route[] = [];
    for (const instance of instances) {
      const address = publicAddress({ instances, ...state }, instance);
      if (address === undefined || instance.state === 'stopped') continue;
      const vpc = await vpcIn(instance.region);
      for (const rule of instance.ports)
        for (const port of portsOf(rule))
          routes.push({
            address,
            port,
            cidrs: rule.cidrs,
            to: instance.privateIpAddress,
            dial: () => vpc.dial(instance.privateIpAddress, port),
          });
    }
    await gateway.set(routes);
  }

  let before: Promise<void> = Promise.resolve();
  return {
    address: () => {
      const number = given++;
      return `127.${first}.${(second + Math.floor(number / 254)) % 256}.${(number % 254) + 1}`;
    },
    follow: (state) => (before = before.catch(() => undefined).then(() => follow(state))),
    isUp({ arn }) {
      const record = kept.get(arn);
      if (record?.failed !== undefined) throw record.failed;
      return record?.computer !== undefined;
    },
    access: ({ arn, blueprintId }) => ({
      ...certify(folder, authority, key, userOf(blueprintId)),
      privateKey,
      hostKeys: kept.get(arn)?.computer?.hostKeys ?? [],
    }),
    async beside(region, address) {
      const machine = await startMachine();
      (await vpcIn(region)).join(machine, address);
      return machine;
    },
    trust: (authority) => void (trusted += `${authority}\n`),
    of: (name) => until(`the machine of ${name}`, () => kept.get(names.get(name) ?? '')?.computer, BOOT),
    async firstBoot(name) {
      const found = await until(
        `user data of ${name}`,
        () => kept.get(names.get(name) ?? '')?.firstBoot,
        BOOT,
      );
      return found;
    },
  };
}

/** Seconds for which a certificate counts. */
const VALID = 3600;

function certify(
  folder: string,
  authority: string,
  key: string,
  user: string,
): Pick<Access, 'certKey' | 'expiresAt'> {
  const args = ['-q', '-s', authority, '-I', user, '-n', user, '-V', `-1m:+${VALID}s`, `${key}.pub`];
  const { status, stderr } = spawnSync('ssh-keygen', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`);
  return {
    certKey: readFileSync(join(folder, 'key-cert.pub'), 'utf8'),
    expiresAt: new Date(Date.now() + VALID * 1000),
  };
}
