import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { nodeFailure } from '../../release/failure.ts';
import { call } from '../../release/node/call.ts';
import type { Node } from '../../release/node/place.ts';
import { sshTransport } from '../../release/transports/ssh.ts';
import type { Transport } from '../../release/transports/transport.ts';
import type { Loaded } from '../../source/load.ts';
import { valueAt } from '../../balancer/source.ts';
import { type Facts, type NodeNginx, readFacts } from './facts.ts';
import { placesOf, ROOT, workersOf } from './places.ts';

/** A machine that is reached by ssh. */
export interface Host {
  readonly name: string;
  readonly transport: Transport;
  /** What it says of itself, asked once. */
  ask(): Promise<Known>;
}

/** A machine that can be worked with. */
export interface Known {
  readonly name: string;
  readonly facts: Facts;
  readonly nginx: NodeNginx;
  /** Seconds by which its clock is ahead of the one here; negative where it is behind. */
  readonly ahead: number;
  readonly node: Node;
}

/** The machines of a balancer. */
export function hostsOf({ balancer, folder, source }: Loaded): Host[] {
  const { nodes = [], ssh } = balancer;
  const config = ssh?.config === undefined ? undefined : resolve(folder, ssh.config);
  // ssh would only say that it cannot
  if (config !== undefined && !existsSync(config))
    throw new UserError('input', 'unreadable-file', `there is no ${ssh!.config!}, which ssh should read`, {
      hint: 'relative paths start at the folder of lb.yaml',
    });
  const knownHosts = ssh?.known_hosts === undefined ? undefined : resolve(folder, ssh.known_hosts);
  const user = userIn({ balancer, source });
  return nodes.map((destination) =>
    hostAt(sshTransport(destination, { config, knownHosts }), user, [machineOf(destination)]),
  );
}

/** The name or address in a destination, which other nodes may know as well. */
function machineOf(destination: string): string {
  return destination
    .replace(/^ssh:\/\//iu, '')
    .replace(/^.*@/u, '')
    .replace(/^\[(.*)\](?::\d+)?$|:\d+$/u, '$1');
}

/**
 * @param user of the workers, where lb.yaml names one.
 * @param addresses by which other nodes may reach it.
 */
export function hostAt(
  transport: Transport,
  user: string | undefined,
  addresses: readonly string[] = [],
): Host {
  let known: Promise<Known> | undefined;
  const asked = async (): Promise<Known> => {
    const { node, ...told } = await ask(transport, user);
    return { ...told, node: { ...node, addresses } };
  };
  return { name: transport.name, transport, ask: () => (known ??= asked()) };
}

/** The user of the workers that lb.yaml names; undefined where it leaves that to the nodes. */
export function userIn({ balancer, source }: Pick<Loaded, 'balancer' | 'source'>): string | undefined {
  return valueAt(source.data, ['nginx', 'user']) === undefined ? undefined : balancer.nginx.user;
}

/**
 * Asks all of them at once.
 * @throws UserError what is wrong with the one, or with all that something is wrong with.
 */
export async function askAll(hosts: readonly Host[]): Promise<Known[]> {
  const answers = await Promise.allSettled(hosts.map((host) => host.ask()));
  const wrong = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  const [first] = wrong;
  if (wrong.length > 1 && first instanceof UserError) {
    const told = wrong.filter((error) => error instanceof UserError);
    throw new UserError(first.kind, first.code, `${wrong.length} of ${hosts.length} nodes cannot be used`, {
      evidence: told.flatMap(({ message, hint, evidence }) => [
        message,
        ...evidence.map((line) => `  ${line}`),
        ...(hint === undefined ? [] : [`  hint: ${hint}`]),
      ]),
      hint: 'nothing was changed; lbctl status tells of the nodes that answer',
    });
  }
  if (wrong.length > 0) throw first;
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
}

async function ask(transport: Transport, user: string | undefined): Promise<Known> {
  const unknown = { ...NOWHERE, transport };
  const ran = await call(unknown, 'facts', user === undefined ? {} : { user });
  const now = Date.now() / 1000;
  if (ran.code !== 0) throw nodeFailure(unknown, ran);
  const facts = readFacts(ran.stdout);
  return { ...knownBy(transport, facts, user), ahead: Math.round(facts.time - now) };
}

const NOWHERE = {
  root: ROOT,
  link: '',
  leaf: '',
  nginx: 'nginx',
  options: '',
  pid: '',
  log: '',
  start: '',
  group: '',
};

/**
 * A machine by what it says of itself.
 * @throws UserError `failed` where something is missing there.
 */
export function knownBy(transport: Transport, facts: Facts, user: string | undefined): Known {
  const { name } = transport;
  const { nginx } = facts;
  if (nginx === null) throw missing(name, 'NGINX', 'nginx', facts);
  if (!facts.curl) throw missing(name, 'curl', 'curl', facts);
  if (user !== undefined && facts.users[0]?.name !== user)
    throw new UserError('failed', 'no-such-user', `there is no user ${user} on ${name}`, {
      hint: 'take user out of nginx in lb.yaml: the workers run as the user that NGINX has there',
    });
  return { name, facts, nginx, ahead: 0, node: nodeOf({ ...NOWHERE, transport }, nginx, facts) };
}

function nodeOf(unknown: Node, nginx: NodeNginx, facts: Facts): Node {
  const { conf, pid, errorLog } = placesOf(nginx, facts);
  return {
    ...unknown,
    link: conf,
    leaf: 'nginx.conf',
    nginx: nginx.path,
    pid,
    log: errorLog,
    start: startOf(nginx, facts),
    group: workersOf(facts).group,
  };
}

/** Command that starts NGINX on a node. */
function startOf({ path }: NodeNginx, { unit, control }: Facts): string {
  if (control !== null && path.startsWith('/opt/bitnami/')) return `${control} start nginx`;
  return unit === null ? `'${path.replaceAll("'", `'\\''`)}'` : `systemctl start ${unit}`;
}

const DNF = new Set(['amzn', 'rhel', 'fedora', 'centos', 'rocky', 'almalinux', 'ol']);
const APT = new Set(['debian', 'ubuntu', 'raspbian', 'linuxmint']);

function missing(name: string, what: string, packageName: string, { system }: Facts): UserError {
  const apt = `sudo apt-get install ${packageName}`;
  const dnf = `sudo dnf install ${packageName}`;
  const hint = APT.has(system) ? apt : DNF.has(system) ? dnf : `${apt}, or ${dnf}`;
  return new UserError('failed', `${packageName}-missing`, `${what} is not installed on ${name}`, {
    hint: `install it there: ${hint}`,
  });
}
