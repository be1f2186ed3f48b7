import { topicDocument } from '../../lib/metrics/alarms/topics.ts';
import { renderPlan, stepsDocument } from '../../lib/ui/plan.ts';
import type { Invocation, Outcome } from '../command.ts';
import { costLine } from './carry-out.ts';
import { look, stepsFor } from './look.ts';
import { stackNote } from './stack.ts';
import { noteGaps, topicsOf } from './topics.ts';

/**
 * `--json`: `{schemaVersion, name, balancer, monthly, steps, summary, topics}`; `monthly` is in US dollars, and null as
 * `balancer` is where a stack has the alarms.
 */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const sight = await look(invocation);
  const { steps, monthly } = stepsFor(sight);
  const { balancer } = sight.loaded;
  const topics = await topicsOf(balancer.alarms!.notify);
  if (terminal.json)
    terminal.printJson({
      name: balancer.name,
      balancer: sight.balancer?.arn ?? null,
      monthly,
      ...stepsDocument(steps),
      topics: topics.map(topicDocument),
    });
  else if (sight.balancer === null) terminal.print(stackNote(balancer));
  else terminal.print(renderPlan({ balancer: balancer.name, provider: 'alarms', steps }, terminal.style));
  if (!terminal.json && monthly !== null) terminal.note(costLine(monthly));
  noteGaps(topics, terminal);
  return options['check'] === true && steps.length > 0 ? 1 : 0;
}
