import { changedFiles } from '../plan/changes.ts';
import type { Step } from '../plan/step.ts';
import { UserError } from '../errors.ts';
import { contentsIn, socketsIn } from '../render/manifest.ts';
import type { Socket } from '../render/tree.ts';
import type { ReleaseFile } from './build.ts';
import { contentsOf, fetchRelease } from './fetch.ts';
import type { Target } from './rollout/target.ts';
import { lostSockets, newSockets, socketLine, socketName } from './sockets.ts';

/** Nodes that are named in the step itself. */
const NAMED = 3;

/**
 * What it takes to have nodes serve what is wanted there: a step for all that go from one release to the same other, or
 * that keep theirs and are to know other servers as drained.
 */
export async function planActivations(targets: readonly Target[]): Promise<Step[]> {
  const groups = new Map<string, Target[]>();
  for (const target of targets) {
    if (!target.wanted || target.trouble) continue;
    const { current, serving, master } = target.state!;
    const { id, activation } = target.wanted;
    const key = [current, id, master === null, current === serving, ...(activation.drained ?? [])].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  return Promise.all([...groups.values()].map(planGroup));
}

async function planGroup(group: readonly Target[]): Promise<Step> {
  const { node, state, wanted } = group[0]!;
  const { id, files, activation } = wanted!;
  const { current: before, serving, master } = state!;
  const names = group.map(({ node }) => node.transport.name);
  const many = names.length > NAMED;
  const where = many ? `${names.length} nodes` : names.join(', ');
  const all = many ? [names.join(', ')] : [];
  const sockets = socketsOf(files);
  const starts = master === null && activation.begin === true && !node.coming;
  const started = starts ? ['NGINX is started'] : [];
  // what else differs there is told by the list of the drained alone
  if (before === id && serving === id && master !== null) {
    const { drained = [] } = activation;
    return {
      kind: 'activate',
      action: 'change',
      resource: 'drained',
      name: `on ${where}`,
      details: [...all, drained.length === 0 ? 'none' : drained.join(', ')],
    };
  }
  if (before === id)
    return {
      kind: 'activate',
      action: starts ? 'create' : 'change',
      resource: 'nginx',
      name: `on ${where}`,
      details: [
        ...all,
        ...(starts
          ? [`started with release ${id}`, ...sockets.map(socketLine)]
          : [`release ${id} is in place, and ${master === null ? 'NGINX does not run' : other(serving)}`]),
      ],
    };
  const release = { kind: 'activate', resource: 'release', name: `${id} on ${where}` };
  if (before === null)
    return {
      ...release,
      action: 'create',
      details: [
        ...all,
        `${files.length} files`,
        ...started,
        ...sockets.map(socketLine),
        ...contentsIn(manifestIn(files)),
      ],
    };
  // a release is the same on all nodes, so one is asked
  const old = await filesOf(before, node);
  const held = old === null || starts ? [] : socketsOf(old);
  const gone = lostSockets(held, sockets);
  // a release of before may not tell which it opens
  const opened = held.length === 0 && !starts ? [] : newSockets(held, sockets);
  return {
    ...release,
    action: 'change',
    details: [
      ...all,
      `in place of ${before}`,
      ...(old === null
        ? ['whose files are not there any more']
        : changedFiles(contentsOf(old), contentsOf(files))),
      ...started,
      ...(wanted!.live ? ['by the API of NGINX Plus, without a reload'] : []),
      ...opened.map(socketLine),
    ],
    ...(gone.length > 0
      ? { traffic: `nobody listens any longer on ${gone.map(socketName).join(', ')}` }
      : {}),
  };
}

function other(serving: string | null): string {
  return serving === null ? 'something else answers, or nothing' : `release ${serving} answers`;
}

function socketsOf(files: readonly ReleaseFile[]): Socket[] {
  return socketsIn(manifestIn(files));
}

function manifestIn(files: readonly ReleaseFile[]): string {
  const manifest = files.find(({ path }) => path === 'manifest');
  return manifest ? Buffer.from(manifest.content).toString('utf8') : '';
}

/** The files of a release that is in place; null where they are gone: what cannot be compared can be replaced. */
async function filesOf(id: string, node: Target['node']): Promise<ReleaseFile[] | null> {
  try {
    return await fetchRelease(node, id);
  } catch (error) {
    if (error instanceof UserError && error.code === 'refused') return null;
    throw error;
  }
}
