import { providerOf } from '../lib/providers/registry.ts';
import { planActivations } from '../lib/release/plan.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { renderPlan, stepDocument, summaryOf } from '../lib/ui/plan.ts';
import type { Invocation, Outcome } from './command.ts';
import { described } from './described.ts';
import { look, remarks } from './roll-out.ts';

/** `--json`: `{schemaVersion, name, provider, steps: [{action, resource, name, details, traffic}], summary}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  const { desired, choose } = await described(invocation, provider, place, loaded);
  const { steps: ahead, ...plan } = provider.plan(desired, await provider.observe(place));
  const { targets, ids } = await look(invocation, { action: 'up', provider, place, loaded, choose });
  const steps = [...ahead, ...(await planActivations(targets))];
  for (const line of remarks(targets, ids)) terminal.note(`${terminal.noteStyle.yellow('!')} ${line}`);
  if (terminal.json) {
    terminal.printJson({
      name: plan.balancer,
      provider: provider.name,
      steps: steps.map(stepDocument),
      summary: summaryOf(steps),
    });
  } else {
    terminal.print(renderPlan({ ...plan, steps }, terminal.style));
  }
  return options['check'] === true && steps.length > 0 ? 1 : 0;
}
