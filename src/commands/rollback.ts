import { Aborted } from '../lib/errors.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { activate } from '../lib/release/activate.ts';
import { author } from '../lib/release/author.ts';
import { fetchRelease } from '../lib/release/fetch.ts';
import { observeNode } from '../lib/release/history.ts';
import { releaseNamed } from '../lib/release/list.ts';
import { planActivation } from '../lib/release/plan.ts';
import { readWaits } from '../lib/release/settings.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { changeDocument, renderPlan } from '../lib/ui/plan.ts';
import { withProgress } from '../lib/ui/progress.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary, release}`; the steps are those that were taken. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, args, options, env } = invocation;
  const waits = readWaits(options);
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  const about = {
    author: author(env),
    message: typeof options['message'] === 'string' ? options['message'] : '',
    source: loaded.file,
  };
  const { plan, id } = await provider.exclusively(place, async () => {
    const nodes = await provider.nodes(place, env);
    const first = await observeNode(nodes[0]!);
    const id = releaseNamed(args[0], first);
    const wanted = await Promise.all(
      nodes.map(async (node) => {
        const files = await fetchRelease(node, id);
        return { node, step: await planActivation(node, await observeNode(node), { id, files }) };
      }),
    );
    const todo = wanted.flatMap(({ node, step }) => (step ? [{ node, step }] : []));
    const plan = {
      balancer: loaded.balancer.name,
      provider: provider.name,
      steps: todo.map(({ step }) => step),
    };
    terminal.note(renderPlan(plan, terminal.noteStyle));
    if (todo.length === 0) return { plan, id };
    await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm('Go back to this?'))) throw new Aborted('nothing was changed');
      for (const { node } of todo) await activate(node, id, { action: 'rollback', about, ...waits }, io);
    });
    terminal.note('lb.yaml is as it was: the next deploy brings what it describes');
    return { plan, id };
  });
  if (terminal.json) terminal.printJson({ ...changeDocument(plan), release: id });
  return 0;
}
