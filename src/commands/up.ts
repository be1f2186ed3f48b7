import { Aborted } from '../lib/errors.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { renderPlan, stepDocument, summaryOf } from '../lib/ui/plan.ts';
import { openProgress } from '../lib/ui/progress.ts';
import type { Invocation, Outcome } from './registry.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary}`; the steps are those that were taken. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  const desired = await provider.desire(place, loaded, env);
  const { steps } = await provider.exclusively(place, async () => {
    const observed = await provider.observe(place);
    const plan = provider.plan(desired, observed);
    terminal.note(renderPlan(plan, terminal.noteStyle));
    if (plan.steps.length === 0) return plan;
    const io = await openProgress(terminal, { yes: options['yes'] === true });
    // what is only created serves nobody yet
    const movesTraffic = plan.steps.some(({ action }) => action !== 'create');
    if (movesTraffic && !(await io.confirm('Do this to the running balancer?')))
      throw new Aborted('nothing was changed');
    for (const step of plan.steps) await provider.execute(step, desired, observed, io);
    return plan;
  });
  if (terminal.json) {
    const document = { name: loaded.balancer.name, provider: provider.name, changed: steps.length > 0 };
    terminal.printJson({ ...document, steps: steps.map(stepDocument), summary: summaryOf(steps) });
  }
  return 0;
}
