import { changedFiles } from '../plan/changes.ts';
import type { Step } from '../plan/step.ts';
import type { ReleaseFile } from './build.ts';
import { contentsOf, fetchRelease } from './fetch.ts';
import type { NodeState } from './history.ts';
import type { Node } from './node/place.ts';

/** What it takes to have a node serve a release; undefined where it does. */
export async function planActivation(
  node: Node,
  { current }: NodeState,
  { id, files }: { readonly id: string; readonly files: readonly ReleaseFile[] },
): Promise<Step | undefined> {
  if (current === id) return undefined;
  const before = current === null ? [] : contentsOf(await fetchRelease(node, current));
  return {
    kind: 'activate',
    action: current === null ? 'create' : 'change',
    resource: 'release',
    name: `${id} on ${node.transport.name}`,
    details:
      current === null
        ? [`${files.length} files`]
        : [`in place of ${current}`, ...changedFiles(before, contentsOf(files))],
  };
}
