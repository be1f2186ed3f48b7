import type { Plan, Step } from '../../plan/step.ts';
import { socketName } from '../../release/sockets.ts';
import type { Observed } from './observe.ts';
import type { Worker } from './running.ts';

/** What the local provider does before a release comes. */
export type LocalStep = 'retire' | 'stop';
export type RemovalStep = 'stop' | 'remove';

/** Steps after which a release can come: what nobody can reload has to go. */
export function plan(name: string, { running, orphans }: Observed): Plan<Step<LocalStep>> {
  const listening = orphans.filter(({ leaving }) => !leaving);
  const steps: Step<LocalStep>[] = [];
  if (listening.length > 0) {
    steps.push({
      kind: 'retire',
      action: 'delete',
      resource: 'workers',
      name,
      details: [`${orphanLine(listening)}; their open requests are finished`],
      ...(running ? {} : { traffic: UNTIL_STARTED }),
    });
  }
  if (running && running.movedFrom !== null) {
    steps.push({
      kind: 'stop',
      action: 'replace',
      resource: 'nginx',
      name,
      details: [`pid ${running.master} was started in ${running.movedFrom}, where its folder is no longer`],
      traffic: UNTIL_STARTED,
    });
  }
  return { balancer: name, provider: 'local', steps };
}

const UNTIL_STARTED = 'nobody listens until NGINX is started again';

/** Steps that leave nothing of the balancer. */
export function planRemoval(
  name: string,
  { exists, running, orphans, current }: Observed,
): Plan<Step<RemovalStep>> {
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
