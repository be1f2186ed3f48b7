import { renderPlan, stepDocument, summaryOf } from '../../lib/ui/plan.ts';
import type { Invocation, Outcome } from '../command.ts';
import { costLine } from './carry-out.ts';
import { look, stepsFor } from './look.ts';

/** `--json`: `{schemaVersion, name, balancer, monthly, steps, summary}`; `monthly` is in US dollars. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const sight = await look(invocation);
  const { steps, monthly } = stepsFor(sight);
  const { name } = sight.loaded.balancer;
  if (terminal.json)
    terminal.printJson({
      name,
      balancer: sight.balancer.arn,
      monthly,
      steps: steps.map(stepDocument),
      summary: summaryOf(steps),
    });
  else {
    terminal.print(renderPlan({ balancer: name, provider: 'alarms', steps }, terminal.style));
    terminal.note(costLine(monthly));
  }
  return options['check'] === true && steps.length > 0 ? 1 : 0;
}
