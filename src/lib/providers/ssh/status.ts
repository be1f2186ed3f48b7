import { UserError } from '../../errors.ts';
import { observeNode } from '../../release/history.ts';
import type { NodeStatus, Status } from '../provider.ts';
import type { Host } from './hosts.ts';
import { warningsOf } from './target.ts';

/** @param described release that lb.yaml asks for now, or why that cannot be told. */
export async function status(
  hosts: readonly Host[],
  described: Promise<string | UserError>,
): Promise<Status> {
  const [asked, release] = await Promise.all([Promise.all(hosts.map(askHost)), described]);
  const nodes = asked.map(({ state }) => state);
  const known = nodes.filter(({ problem }) => problem === null);
  const releases = new Set(known.map((node) => node.release));
  const answering = new Set(asked.map(({ serving }) => serving));
  const [serving = null] = answering.size === 1 ? answering : [];
  const digest = release instanceof UserError ? null : release;
  // what keeps a node from being asked is told with the node
  const reason = release instanceof UserError && known.length === nodes.length ? [release.message] : [];
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
    upstreams: [],
    nodes,
    errors: [],
    remarks: [
      ...reason,
      ...asked.flatMap(({ remarks }) => remarks),
      ...(releases.size > 1
        ? ['the nodes differ in their release: lbctl deploy brings all to what lb.yaml says']
        : []),
      ...(releases.size === 1 && digest !== null && !releases.has(digest)
        ? ['lb.yaml describes another release: lbctl deploy brings it into effect']
        : []),
    ],
  };
}

async function askHost(
  host: Host,
): Promise<{ state: NodeStatus; serving: string | null; remarks: string[] }> {
  try {
    const known = await host.ask();
    const { current, master, serving } = await observeNode(known.node);
    const trouble =
      master === null
        ? ['does not run']
        : current !== null && current !== serving
          ? [`does not serve ${current}, which it should load`]
          : [];
    return {
      state: { node: host.name, pid: master, nginx: known.nginx.version, release: current, problem: null },
      serving,
      remarks: [
        ...trouble.map((what) => `NGINX ${what} on ${host.name}: lbctl up brings it up`),
        ...warningsOf(known),
      ],
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problem = error.message;
    return {
      state: { node: host.name, pid: null, nginx: null, release: null, problem },
      serving: null,
      remarks: error.hint === undefined ? [problem] : [`${problem}: ${error.hint}`],
    };
  }
}
