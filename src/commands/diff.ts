import { UserError } from '../lib/errors.ts';
import { unifiedDiff } from '../lib/plan/diff.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { contentsOf, fetchRelease } from '../lib/release/fetch.ts';
import { observeNode } from '../lib/release/history.ts';
import { releaseNamed } from '../lib/release/list.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { paintDiff } from '../lib/ui/diff.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, name, from, to, diff}`; contents that are secret are only said to differ. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, args, env } = invocation;
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  const [node] = await provider.nodes(place, env);
  if (!node) throw new UserError('failed', 'no-node', 'there is no node to ask');
  const state = await observeNode(node);
  const from = releaseNamed(args[0], state);
  const bundle = async (): Promise<{ id: string; files: Parameters<typeof contentsOf>[0] }> => {
    if (args[1] === undefined) return provider.bundle(await provider.desire(place, loaded, env));
    const id = releaseNamed(args[1], state);
    return { id, files: await fetchRelease(node, id) };
  };
  const to = await bundle();
  const text = unifiedDiff(contentsOf(await fetchRelease(node, from)), contentsOf(to.files));
  if (terminal.json) terminal.printJson({ name: loaded.balancer.name, from, to: to.id, diff: text });
  else if (text === '') terminal.note(`${from} and ${to.id} are the same`);
  else terminal.print(paintDiff(text, terminal.style).trimEnd());
  return 0;
}
