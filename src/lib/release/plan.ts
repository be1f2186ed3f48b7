import { changedFiles } from '../plan/changes.ts';
import type { Step } from '../plan/step.ts';
import { UserError } from '../errors.ts';
import { contentsOf, fetchRelease } from './fetch.ts';
import type { Target } from './rollout/target.ts';

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
    const { id, activation } = target.wanted;
    const key = [target.state?.current, id, ...(activation.drained ?? [])].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  return Promise.all([...groups.values()].map(planGroup));
}

async function planGroup(group: readonly Target[]): Promise<Step> {
  const { node, state, wanted } = group[0]!;
  const { id, files, activation } = wanted!;
  const before = state?.current ?? null;
  const names = group.map(({ node }) => node.transport.name);
  const many = names.length > NAMED;
  const where = many ? `${names.length} nodes` : names.join(', ');
  if (before === id) {
    const { drained = [] } = activation;
    return {
      kind: 'activate',
      action: 'change',
      resource: 'drained',
      name: `on ${where}`,
      details: [...(many ? [names.join(', ')] : []), drained.length === 0 ? 'none' : drained.join(', ')],
    };
  }
  return {
    kind: 'activate',
    action: before === null ? 'create' : 'change',
    resource: 'release',
    name: `${id} on ${where}`,
    details: [
      ...(many ? [names.join(', ')] : []),
      ...(before === null
        ? [`${files.length} files`]
        : [`in place of ${before}`, ...(await changesFrom(before, node, files))]),
    ],
  };
}

/** A release is the same on all nodes, so one is asked. */
async function changesFrom(
  before: string,
  node: Target['node'],
  files: NonNullable<Target['wanted']>['files'],
): Promise<string[]> {
  try {
    return changedFiles(contentsOf(await fetchRelease(node, before)), contentsOf(files));
  } catch (error) {
    // what cannot be compared can be replaced all the same
    if (error instanceof UserError && error.code === 'refused') return ['whose files are not there any more'];
    throw error;
  }
}
