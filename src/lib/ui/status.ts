import type { NodeStatus, ServerState, Status } from '../providers/provider.ts';
import { reachedWords } from '../providers/reached.ts';
import type { Style } from './style.ts';

/** What runs, on one screen. */
export function renderStatus(name: string, provider: string, status: Status, style: Style): string {
  const { running, pid, nginx, serving, described } = status;
  const up = status.nodes.filter((node) => node.pid !== null).length;
  const some = `runs on ${up} of ${status.nodes.length} nodes`;
  const down = status.nodes.length > 1 && up > 0 ? style.yellow(some) : style.red('does not run');
  const state = running ? style.green('runs') : down;
  const head = [
    `${style.bold(name)} (${provider}) ${state}${pid === null ? '' : `, pid ${pid}`}${nginx === null ? '' : `, NGINX ${nginx}`}`,
  ];
  if (serving !== null)
    head.push(row('release', `${serving}${serving === described ? ', as lb.yaml says' : ''}`));
  head.push(
    ...status.nodes.map((node, index) => row(index === 0 ? 'nodes' : '', nodeLine(node, status, style))),
  );
  head.push(...reachedLines(status).map((line, index) => row(index === 0 ? 'reached' : '', line)));
  head.push(...targetLines(status).map((line, index) => row(index === 0 ? 'targets' : '', line)));
  head.push(...certificateLines(status).map((line, index) => row(index === 0 ? 'tls' : '', line)));
  if (running && status.nodes.length === 0) head.push(row('workers', workersLine(status)));
  const listeners = status.sockets.map(socketLine);
  if (listeners.length > 0)
    head.push(...listeners.map((line, index) => row(index === 0 ? 'listens' : '', line)));
  const { connections } = status;
  if (connections)
    head.push(
      row(
        'traffic',
        `${counted(connections.requests, 'request')}, ${counted(connections.active, 'connection')} open`,
      ),
    );
  const isServing = serving !== null;
  const upstreams = status.upstreams.flatMap((upstream) => [
    '',
    ...upstreamLines(upstream, isServing, style),
  ]);
  const errors =
    status.errors.length > 0 ? ['', 'recent errors', ...status.errors.map((line) => `  ${line}`)] : [];
  const remarks =
    status.remarks.length > 0
      ? ['', ...status.remarks.map((remark) => `${style.yellow('!')} ${remark}`)]
      : [];
  return [...head, ...upstreams, ...errors, ...remarks].join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(9)}${text}`;
}

function nodeLine(
  { node, pid, nginx, release, problem, machine }: NodeStatus,
  { nodes }: Status,
  style: Style,
): string {
  const name = node.padEnd(Math.max(...nodes.map((other) => other.node.length)));
  const where = machine
    ? `  ${[addressOf(machine), machine.zone, machine.size]
        .flatMap((part) => part ?? [])
        .map((part) => style.dim(part))
        .join('  ')}`
    : '';
  if (problem !== null) return `${name}  ${style.red('cannot be used')}${where}`;
  const state = pid === null ? style.red('does not run') : `pid ${pid}`;
  return `${name}  ${release ?? 'no release of lbctl'}  ${state}, NGINX ${nginx}${where}`;
}

/** Where it is reached; nothing where that is nobody's to know, as behind a load balancer. */
function addressOf({ address, privateAddress }: NonNullable<NodeStatus['machine']>): string | undefined {
  return address ?? (privateAddress === null ? undefined : 'no address');
}

function reachedLines({ reached = [] }: Status): string[] {
  const many = reached.length > 1;
  return reached.map((one) => `at ${reachedWords(one)}${many ? ` in ${one.region}` : ''}`);
}

/** How many nodes get connections at which ports of load balancers; a line where it is the same at all. */
function targetLines({ targets = [] }: Status): string[] {
  const groups = [...new Set(targets.map(({ region, group }) => `${region} ${group}`))].map((name) => {
    const here = targets.filter(({ region, group }) => `${region} ${group}` === name);
    const states = [...new Set(here.map(({ state }) => state))].toSorted();
    const told = states.map((state) => `${here.filter((one) => one.state === state).length} ${state}`);
    return { port: here[0]!.port, told: `${told.join(', ')} in ${here[0]!.region}` };
  });
  return [...new Set(groups.map(({ told }) => told))].map((told) => {
    const ports = [...new Set(groups.filter((one) => one.told === told).map(({ port }) => port))];
    return `${told}, at ${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`;
  });
}

/** A line a certificate, with the node whose one ends first. */
function certificateLines({ certificates }: Status): string[] {
  return [...new Set(certificates.map(({ name }) => name))].map((name) => {
    const all = certificates.filter((one) => one.name === name);
    const first = all.reduce((a, b) => (b.until < a.until ? b : a));
    const given = all.filter(({ issuer }) => issuer !== null).length;
    const hosts = first.hosts.join(', ');
    if (given < all.length)
      return `${name}  ${hosts}: no certificate of an authority${all.length > 1 ? ` on ${all.length - given} of ${all.length} nodes` : ''}`;
    const end = first.until.toISOString().slice(0, 10);
    return `${name}  ${hosts}: ${first.issuer}, until ${end}${all.length > 1 ? ' at the earliest' : ''}`;
  });
}

function workersLine({ workers }: Status): string {
  const serving = workers.filter(({ leaving }) => !leaving);
  const leaving = workers.length - serving.length;
  const since = serving[0]?.since;
  const time = since ? `, since ${since.toISOString().replace('T', ' ').slice(0, 19)} UTC` : '';
  return `${serving.length}${time}${leaving > 0 ? `, and ${leaving} of before finishing their requests` : ''}`;
}

function socketLine({
  listener,
  transport,
  address,
  port,
  configuredPort,
}: Status['sockets'][number]): string {
  const host = address.includes(':') ? `[${address}]` : address;
  const mapped = port === configuredPort || listener === 'metrics' ? '' : ` in place of ${configuredPort}`;
  return `${listener} ${host}:${port}${transport === 'udp' ? ' (udp)' : ''}${mapped}`;
}

/** @param isServing whether something serves, which may know other servers than lb.yaml. */
function upstreamLines(
  { name, servers }: Status['upstreams'][number],
  isServing: boolean,
  style: Style,
): string[] {
  const width = Math.max(...servers.map(({ address }) => address.length));
  const differs = ({ served, described }: ServerState): string =>
    !isServing || served === described
      ? ''
      : `  ${style.yellow(served ? 'serves, though lb.yaml has it no more' : 'does not serve yet: lbctl up brings it')}`;
  return [
    `upstream ${style.bold(name)}`,
    ...servers.map(
      (server) => `  ${server.address.padEnd(width)}  ${stateOf(server, style)}${differs(server)}`,
    ),
  ];
}

function stateOf({ state, detail, milliseconds, drained }: ServerState, style: Style): string {
  const word = { up: style.green('up'), down: style.red('down'), 'not probed': style.dim('not probed') }[
    state
  ];
  return `${word}  ${drained ? `${style.yellow('drained')}  ` : ''}${style.dim(`${detail}${milliseconds === null ? '' : `, ${milliseconds} ms`}`)}`;
}
