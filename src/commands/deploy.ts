import { Aborted } from '../lib/errors.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { activate, push } from '../lib/release/activate.ts';
import { author } from '../lib/release/author.ts';
import { observeNode } from '../lib/release/history.ts';
import { planActivation } from '../lib/release/plan.ts';
import { readWaits } from '../lib/release/settings.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { changeDocument, renderPlan } from '../lib/ui/plan.ts';
import { withProgress } from '../lib/ui/progress.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary, release}`; the steps are those that were taken. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const waits = readWaits(options);
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  const bundle = provider.bundle(await provider.desire(place, loaded, env));
  const about = {
    author: author(env),
    message: typeof options['message'] === 'string' ? options['message'] : '',
    source: loaded.file,
  };
  const plan = await provider.exclusively(place, async () => {
    const nodes = await provider.nodes(place, env);
    const wanted = await Promise.all(
      nodes.map(async (node) => ({
        node,
        step: await planActivation(node, await observeNode(node), bundle),
      })),
    );
    const todo = wanted.flatMap(({ node, step }) => (step ? [{ node, step }] : []));
    const plan = {
      balancer: loaded.balancer.name,
      provider: provider.name,
      steps: todo.map(({ step }) => step),
    };
    terminal.note(renderPlan(plan, terminal.noteStyle));
    if (todo.length === 0) return plan;
    return withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm('Deploy this?'))) throw new Aborted('nothing was changed');
      for (const { node } of todo) {
        await push(node, bundle.id, bundle.files);
        await activate(node, bundle.id, { action: 'deploy', about, ...waits }, io);
      }
      return plan;
    });
  });
  if (terminal.json) terminal.printJson({ ...changeDocument(plan), release: bundle.id });
  return 0;
}
