import { Aborted } from '../lib/errors.ts';
import type { Plan } from '../lib/plan/step.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { changeDocument, renderPlan } from '../lib/ui/plan.ts';
import { withProgress } from '../lib/ui/progress.ts';
import type { Invocation, Outcome } from './command.ts';
import { reachedOutside } from './lockdown/outside.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary, remarks}`; the steps are those that were planned. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const loaded = await loadBalancer(invocation);
  const { balancer } = loaded;
  const { planLockdown, planUndo } = await import('../lib/lockdown/lockdown.ts');
  const undo = options['undo'] === true;
  const planned = undo ? await planUndo(balancer) : await planLockdown(balancer);
  const { steps } = planned;
  const plan: Plan = { balancer: balancer.name, provider: (await providerOf(balancer)).name, steps };
  const style = terminal.noteStyle;
  const remarks = [
    ...planned.remarks,
    ...(steps.length > 0 && !undo ? await reachedOutside(invocation, loaded, steps) : []),
  ];
  terminal.note(renderPlan(plan, style));
  for (const line of remarks) terminal.note(`${style.yellow('!')} ${line}`);
  if (steps.length > 0) {
    const question = undo
      ? 'Open these instances to the world again?'
      : 'Close these instances to the world?';
    await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm(question))) throw new Aborted('nothing was changed');
      const { takeSteps } = await import('../lib/lockdown/take.ts');
      await takeSteps(steps, io);
    });
  }
  if (terminal.json) terminal.printJson({ ...changeDocument(plan), remarks });
  return 0;
}
