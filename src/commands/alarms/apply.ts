import { changeDocument } from '../../lib/ui/plan.ts';
import type { Invocation, Outcome } from '../command.ts';
import { carryOut, costLine } from './carry-out.ts';
import { look, stepsFor } from './look.ts';
import { stackNote } from './stack.ts';
import { noteGaps, topicsOf } from './topics.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal } = invocation;
  const sight = await look(invocation);
  const { balancer } = sight.loaded;
  const { steps, monthly } = stepsFor(sight);
  const topics = await topicsOf(balancer.alarms!.notify);
  if (monthly === null) {
    terminal.note(stackNote(balancer));
    if (terminal.json)
      terminal.printJson(changeDocument({ balancer: balancer.name, provider: 'alarms', steps }));
  } else
    await carryOut(invocation, sight, steps, {
      question: 'Change these alarms?',
      notes: [costLine(monthly)],
    });
  noteGaps(topics, terminal);
  return 0;
}
