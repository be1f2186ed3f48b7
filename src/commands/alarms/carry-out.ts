import type { AlarmService } from '../../lib/aws/alarms.ts';
import { Aborted } from '../../lib/errors.ts';
import type { AlarmStep } from '../../lib/metrics/alarms/plan.ts';
import { compositeInput, metricInput } from '../../lib/metrics/alarms/words.ts';
import { changeDocument, renderPlan } from '../../lib/ui/plan.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import type { Invocation } from '../command.ts';
import type { Sight } from './look.ts';

/** Shows the steps, asks, and takes them in their order. */
export async function carryOut(
  { terminal, options }: Invocation,
  { loaded, service }: Sight,
  steps: readonly AlarmStep[],
  { question, notes }: { readonly question: string; readonly notes: readonly string[] },
): Promise<void> {
  const plan = { balancer: loaded.balancer.name, provider: 'alarms', steps };
  terminal.note(renderPlan(plan, terminal.noteStyle));
  for (const note of notes) terminal.note(note);
  if (steps.length > 0)
    await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm(question))) throw new Aborted('nothing was changed');
      for (const step of steps) {
        const doing = `${step.kind === 'put' ? 'putting' : 'removing'} ${step.name}`;
        io.notify({ kind: 'start', text: doing });
        await take(step, service);
        io.notify({ kind: 'done', text: `${step.name} is ${step.kind === 'put' ? 'there' : 'gone'}` });
      }
    });
  if (terminal.json) terminal.printJson(changeDocument(plan));
}

function take({ kind, alarm }: AlarmStep, service: AlarmService): Promise<void> {
  if (kind === 'remove') return service.remove(alarm.name);
  return alarm.kind === 'metric'
    ? service.putMetric(metricInput(alarm))
    : service.putComposite(compositeInput(alarm));
}

/** What they cost, for people. */
export function costLine(monthly: number): string {
  return `${monthly.toFixed(2)} USD a month for all of them, beyond the ten alarms that are free`;
}
