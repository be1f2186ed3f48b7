import { shown } from '../../lib/dns/record.ts';
import { renderPlan, stepsDocument } from '../../lib/ui/plan.ts';
import type { Invocation, Outcome } from '../command.ts';
import { askedFor } from './wanted.ts';
import { look, route53For } from './world.ts';

/** `--json`: `{schemaVersion, zone, steps: [{action, resource, name, details, traffic}], summary}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const asked = await askedFor(invocation);
  const { plan } = await look(invocation, asked, await route53For(invocation));
  const { steps } = plan;
  const zone = shown(asked.wanted.zone);
  if (terminal.json) terminal.printJson({ zone, ...stepsDocument(steps) });
  else terminal.print(renderPlan({ balancer: zone, provider: 'Route 53', steps }, terminal.style));
  return options['check'] === true && steps.length > 0 ? 1 : 0;
}
