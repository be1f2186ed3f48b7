import type { Io } from '../../lib/io.ts';
import { type Activation, check, push } from '../../lib/release/activate.ts';
import type { Node } from '../../lib/release/node/place.ts';
import type { Wanted } from '../../lib/release/rollout/target.ts';
import type { Sight } from './sight.ts';
import { takePart } from './take-part.ts';

/** Takes what comes before the releases, and looks again at what that has left. */
export async function goAhead(first: Sight, again: () => Promise<Sight>, io: Io): Promise<Sight> {
  const { ahead } = first.choice;
  await ahead?.check();
  if (!ahead || ahead.steps.length === 0) return first;
  for (const { node, wanted } of first.targets) if (wanted && !node.coming) await rehearse(node, wanted, io);
  await takePart(ahead, first.choice, io);
  return again();
}

/** Has a node check a release before something is stopped for it. */
async function rehearse(
  node: Node,
  {
    id,
    files,
    activation,
  }: { readonly id: string; readonly files: Wanted['files']; readonly activation: Activation },
  io: Io,
): Promise<void> {
  const { name } = node.transport;
  io.notify({ kind: 'start', text: `${name}: NGINX checks release ${id}` });
  await push(node, id, files);
  await check(node, id, activation);
  io.notify({ kind: 'done', text: `${name}: NGINX takes release ${id}` });
}
