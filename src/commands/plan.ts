import { drainedRemark, serverOf, withDrained } from '../lib/pool/drained.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { renderPlan, stepDocument, summaryOf } from '../lib/ui/plan.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, name, provider, steps: [{action, resource, name, details, traffic}], summary, drained}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  const marked = withDrained(loaded, await provider.drained(place));
  const plan = provider.plan(await provider.desire(place, marked, env), await provider.observe(place));
  if (terminal.json) {
    const { balancer: name, steps } = plan;
    terminal.printJson({
      name,
      provider: provider.name,
      steps: steps.map(stepDocument),
      summary: summaryOf(steps),
      drained: marked.drained.map(serverOf),
    });
  } else {
    terminal.print(renderPlan(plan, terminal.style));
    const remark = drainedRemark(marked.drained);
    if (remark !== undefined) terminal.note(remark);
  }
  return options['check'] === true && plan.steps.length > 0 ? 1 : 0;
}
