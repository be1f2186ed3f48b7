import { type Held, observeCertificates } from '../../certificates/observe.ts';
import { tellCertificates } from '../../certificates/status.ts';
import { wantedCertificates } from '../../certificates/wanted.ts';
import { UserError } from '../../errors.ts';
import { drainedRemark } from '../../pool/drained.ts';
import { alike } from '../../release/alike.ts';
import { goneBackFrom } from '../../release/gone-back.ts';
import { type NodeState, observeNode } from '../../release/history.ts';
import type { Node } from '../../release/node/place.ts';
import type { Loaded } from '../../source/load.ts';
import { liveRemark } from '../live-remark.ts';
import type { NodeStatus, Status } from '../provider.ts';
import type { Host } from './hosts.ts';
import { serversFrom } from './servers.ts';
import { warningsOf } from './target.ts';

/**
 * @param loaded lb.yaml, which says what certificates the nodes are to have, and how servers are asked.
 * @param describe release that lb.yaml asks for now with such servers drained, or why that cannot be told.
 */
export async function status(
  hosts: readonly Host[],
  { balancer, folder }: Loaded,
  describe: (drained: readonly string[]) => Promise<string | UserError>,
): Promise<Status> {
  const wanted = wantedCertificates(balancer, folder);
  const asked = await Promise.all(hosts.map((host) => askHost(host, wanted.length > 0)));
  const holders = asked.flatMap(({ state, held }) => (held ? [{ name: state.node, held }] : []));
  const told = tellCertificates(holders, wanted, new Date());
  const drained = [...new Set(asked.flatMap((host) => host.drained))];
  const release = await describe(drained);
  const nodes = asked.map(({ state }) => state);
  const known = nodes.filter(({ problem }) => problem === null);
  const releases = new Set(known.map((node) => node.release));
  const answering = new Set(asked.map(({ serving }) => serving));
  const [serving = null] = answering.size === 1 ? answering : [];
  const digest = release instanceof UserError ? null : release;
  // what keeps a node from being asked is told with the node
  const reason = release instanceof UserError && known.length === nodes.length ? [release.message] : [];
  const able = asked.flatMap(({ node, serving }) => (node ? [{ node, serving }] : []));
  const servers = await serversFrom(able, balancer, { described: digest, drained: new Set(drained) });
  const versions = new Set(known.map(({ nginx }) => nginx));
  return {
    running: nodes.every(({ pid }) => pid !== null),
    pid: nodes.length === 1 ? nodes[0]!.pid : null,
    workers: [],
    nginx: versions.size === 1 ? [...versions][0]! : null,
    serving,
    described: digest,
    sockets: [],
    connections: null,
    upstreams: servers.upstreams,
    nodes,
    certificates: told.certificates,
    errors: [],
    remarks: [
      ...reason,
      ...asked.flatMap(({ remarks }) => remarks),
      ...servers.remarks,
      ...told.remarks,
      ...drainedRemarks(asked.filter(({ state }) => state.problem === null)),
      ...(releases.size > 1
        ? ['the nodes differ in their release: lbctl deploy brings all to what lb.yaml says']
        : []),
      ...(releases.size === 1 && digest !== null && !releases.has(digest)
        ? [goneBack(digest, asked) ?? 'lb.yaml describes another release: lbctl deploy brings it into effect']
        : []),
    ],
  };
}

interface Asked {
  readonly state: NodeStatus;
  /** Null where it cannot be asked. */
  readonly node: Node | null;
  readonly serving: string | null;
  readonly remarks: readonly string[];
  /** Words of the servers that are drained there. */
  readonly drained: readonly string[];
  readonly held: Held | null;
  /** What it says of itself; null where it cannot be asked. */
  readonly told: Pick<NodeState, 'history' | 'current'> | null;
}

/** The first node that went back speaks for all, as all have the same release. */
function goneBack(described: string, asked: readonly Asked[]): string | undefined {
  const told = asked.flatMap(({ told }) => (told ? [goneBackFrom(described, told) ?? []].flat() : []));
  return told[0];
}

/** A line for the nodes that have the same servers drained. */
function drainedRemarks(asked: readonly Asked[]): string[] {
  const kinds = alike(asked, ({ drained }) => drained.toSorted().join(' '));
  return kinds.flatMap((same) => {
    const remark = drainedRemark(same[0].drained);
    const names = kinds.length > 1 ? ` (on ${same.map(({ state }) => state.node).join(', ')} alone)` : '';
    return remark === undefined ? [] : [`${remark}${names}`];
  });
}

async function askHost(host: Host, certificates: boolean): Promise<Asked> {
  try {
    const known = await host.ask();
    const told = await observeNode(known.node);
    const { current, master, serving, loaded, drained, unfinished } = told;
    const held = certificates ? await observeCertificates(known.node) : null;
    const trouble =
      master === null
        ? ['does not run']
        : current !== null && current !== serving
          ? [`does not serve ${current}, which it should load`]
          : [];
    const cutShort = `release ${unfinished} is being put in place on ${host.name}, or was when a run was cut short: the next deploy finishes or undoes it`;
    return {
      state: { node: host.name, pid: master, nginx: known.nginx.version, release: current, problem: null },
      node: known.node,
      serving,
      remarks: [
        ...trouble.map((what) => `NGINX ${what} on ${host.name}: lbctl up brings it up`),
        ...(unfinished === null ? [] : [cutShort]),
        ...(loaded === null ? [] : [`${liveRemark(serving, loaded)} (on ${host.name})`]),
        ...warningsOf(known),
      ],
      drained,
      held,
      told,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problem = error.message;
    return {
      state: { node: host.name, pid: null, nginx: null, release: null, problem },
      node: null,
      serving: null,
      remarks: error.hint === undefined ? [problem] : [`${problem}: ${error.hint}`],
      drained: [],
      held: null,
      told: null,
    };
  }
}
