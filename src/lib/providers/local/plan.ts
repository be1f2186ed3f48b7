import type { Plan, Step } from '../../plan/step.ts';
import { changedFiles } from '../../plan/changes.ts';
import type { Release } from '../../release/build.ts';
import type { Socket } from '../../render/tree.ts';
import type { Observed } from './observe.ts';
import { contentsOf } from './releases.ts';
import type { Worker } from './running.ts';

/** The pieces of work of the local provider. */
export type LocalStep = 'stage' | 'retire' | 'start' | 'restart' | 'reload';
export type RemovalStep = 'stop' | 'remove';

/** Steps that make the balancer serve a release. */
export function plan(name: string, release: Release, observed: Observed): Plan<LocalStep> {
  const { current, running, serving, orphans } = observed;
  const steps: Step<LocalStep>[] = [];
  if (current?.digest !== release.digest) {
    steps.push({
      kind: 'stage',
      action: current ? 'change' : 'create',
      resource: 'release',
      name: release.digest,
      details: current ? changedFiles(current.files, contentsOf(release)) : [`${release.files.length} files`],
    });
  }
  const listening = orphans.filter(({ leaving }) => !leaving);
  if (listening.length > 0) {
    steps.push({
      kind: 'retire',
      action: 'delete',
      resource: 'workers',
      name,
      details: [`${orphanLine(listening)}; their open requests are finished`],
      ...(running ? {} : { traffic: 'nobody listens until NGINX is started again' }),
    });
  }
  if (!running) {
    steps.push({
      kind: 'start',
      action: 'create',
      resource: 'nginx',
      name,
      details: release.sockets.map(socketLine),
    });
  } else if (running.movedFrom !== null) {
    steps.push({
      kind: 'restart',
      action: 'replace',
      resource: 'nginx',
      name,
      details: [`pid ${running.master} was started in ${running.movedFrom}, where its folder is no longer`],
      traffic: 'nobody listens until NGINX is started again',
    });
  } else if (serving !== release.digest) {
    const gone = current ? lostSockets(current.sockets, release.sockets) : [];
    steps.push({
      kind: 'reload',
      action: 'change',
      resource: 'nginx',
      name,
      details: [
        `reload of pid ${running.master}, open requests are finished`,
        ...newSockets(current?.sockets ?? [], release.sockets).map(socketLine),
      ],
      ...(gone.length > 0
        ? { traffic: `nobody listens any longer on ${gone.map(socketName).join(', ')}` }
        : {}),
    });
  }
  return { balancer: name, provider: 'local', steps };
}

/** Steps that leave nothing of the balancer. */
export function planRemoval(
  name: string,
  { exists, running, orphans, current }: Observed,
): Plan<RemovalStep> {
  const steps: Step<RemovalStep>[] = [];
  if (running || orphans.length > 0) {
    const sockets = (current?.sockets ?? []).filter(({ listener }) => listener !== 'metrics');
    steps.push({
      kind: 'stop',
      action: 'delete',
      resource: 'nginx',
      name,
      details: [
        ...(running ? [`pid ${running.master}`] : []),
        ...(orphans.length > 0 ? [orphanLine(orphans)] : []),
      ],
      traffic:
        sockets.length > 0
          ? `nobody listens any longer on ${sockets.map(socketName).join(', ')}`
          : 'the balancer stops',
    });
  }
  if (exists)
    steps.push({
      kind: 'remove',
      action: 'delete',
      resource: 'folder',
      name: `.lbctl/${name}`,
      details: ['configuration, logs, caches'],
    });
  return { balancer: name, provider: 'local', steps };
}

/** Names workers that nobody leads, in words. */
export function orphanLine(orphans: readonly Worker[]): string {
  return `pid ${orphans.map(({ pid }) => pid).join(', ')}, of an NGINX whose master is gone`;
}

/** Sockets of a release that are not open yet. */
export function newSockets(before: readonly Socket[], after: readonly Socket[]): Socket[] {
  const held = new Set(before.map(socketName));
  return after.filter((socket) => !held.has(socketName(socket)));
}

function lostSockets(before: readonly Socket[], after: readonly Socket[]): Socket[] {
  return newSockets(after, before).filter(({ listener }) => listener !== 'metrics');
}

function socketName({ address, port, transport }: Socket): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host}:${port}${transport === 'udp' ? ' (udp)' : ''}`;
}

function socketLine(socket: Socket): string {
  const mapped = socket.port === socket.configuredPort ? '' : ` in place of ${socket.configuredPort}`;
  return `${socket.listener}: ${socketName(socket)}${socket.listener === 'metrics' ? '' : mapped}`;
}
