import { managedCertificates } from '../../balancer/certificates.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { UserError } from '../../errors.ts';
import { drainedRemark, wordOf } from '../../pool/drained.ts';
import { goneBackFrom } from '../../release/gone-back.ts';
import { observeNode } from '../../release/history.ts';
import { deadUpstreams } from '../dead-upstreams.ts';
import { liveRemark } from '../live-remark.ts';
import type { Loaded } from '../../source/load.ts';
import type { Status } from '../provider.ts';
import { askMetrics } from './ask.ts';
import { logLines, recent } from './errors.ts';
import type { Nginx } from './nginx.ts';
import { localNode } from './node.ts';
import { observe } from './observe.ts';
import { orphanLine } from './plan.ts';
import type { Places } from './places.ts';
import { probeAll, servedBy } from './upstreams.ts';
import type { Work } from './work.ts';

/** Errors that are worth showing: no older than so many minutes, and at most so many lines. */
const RECENT_MINUTES = 15;
const RECENT_LINES = 10;

/** @param described what lb.yaml asks for now, or why that cannot be told; then the rest is told all the same. */
export async function status(
  places: Places,
  { balancer }: Loaded,
  described: Work | UserError,
  drained: readonly string[],
): Promise<Status> {
  const { running, orphans, current, serving, loaded, exists } = await observe(places);
  const nginx: Nginx | null = described instanceof UserError ? null : described.nginx;
  const digest = described instanceof UserError ? null : described.release.digest;
  const served = serving !== null && serving !== digest ? await servedBy(places, serving) : undefined;
  const [upstreams, metrics] = await Promise.all([
    probeAll(balancer, { served, isServing: serving !== null, drained: new Set(drained) }),
    running && current ? askMetrics(current.sockets, '/stub_status') : null,
  ]);
  const counters = parseCounters(metrics);
  const isBehind = running !== null && serving !== null && serving !== digest;
  const behind =
    isBehind && !(described instanceof UserError) ? await behindRemark(places, described) : undefined;
  const remarks = [
    ...(described instanceof UserError ? [described.message] : []),
    ...(orphans.length > 0
      ? [`workers still answer, ${orphanLine(orphans)}: lbctl up replaces them, lbctl down ends them`]
      : []),
    ...(!running && exists
      ? ['NGINX does not run, though it was started here before: it stopped or was killed']
      : []),
    ...(running && running.movedFrom !== null
      ? [`NGINX was started in ${running.movedFrom}, where its folder is no longer: lbctl up restarts it`]
      : []),
    ...(running && serving === null ? ['NGINX runs, but its metrics server does not answer'] : []),
    ...(behind === undefined ? [] : [behind]),
    ...(serving !== loaded ? [liveRemark(serving, loaded)] : []),
    ...deadUpstreams(upstreams, serving !== null),
    ...untrusted(balancer),
    ...[drainedRemark(drainedOf(upstreams)) ?? []].flat(),
  ];
  return {
    running: running !== null,
    pid: running?.master ?? null,
    workers: running?.workers ?? [],
    nginx: nginx?.version ?? null,
    serving,
    described: digest,
    sockets: running ? (current?.sockets ?? []) : [],
    connections: counters,
    upstreams,
    nodes: [],
    certificates: [],
    errors: recent(await logLines(places.errorLog), RECENT_MINUTES, RECENT_LINES),
    remarks,
  };
}

/** Why what serves is not what lb.yaml describes, and what brings it. */
async function behindRemark(places: Places, { nginx, release }: Work): Promise<string> {
  const told = await observeNode(localNode(places, nginx)).catch((error: unknown) => {
    // all else is told all the same
    if (error instanceof UserError) return undefined;
    throw error;
  });
  const fled = told && goneBackFrom(release.digest, told);
  return fled ?? 'lb.yaml has changed since: lbctl up brings it into effect';
}

/** Authorities ask on port 80 of where a name leads, which is not this machine. */
function untrusted(balancer: Balancer): string[] {
  return managedCertificates(balancer).map(
    ({ name }) =>
      `listener ${name} shows a certificate that nobody trusts: an authority is asked where provider is ssh`,
  );
}

function drainedOf(upstreams: Status['upstreams']): string[] {
  return upstreams.flatMap(({ name, servers }) =>
    servers.filter(({ drained }) => drained).map(({ address }) => wordOf({ upstream: name, address })),
  );
}

/** Reads what stub_status says; null where it says nothing of the kind. */
export function parseCounters(text: string | null): Status['connections'] {
  const match = /Active connections: (\d+)\s+server accepts handled requests\s+(\d+) (\d+) (\d+)/u.exec(
    text ?? '',
  );
  if (!match) return null;
  const [active = 0, accepted = 0, handled = 0, requests = 0] = match.slice(1).map(Number);
  return { active, accepted, handled, requests };
}
