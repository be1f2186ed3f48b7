import { UserError } from '../../lib/errors.ts';
import { renderPlan } from '../../lib/ui/plan.ts';
import type { Invocation } from '../command.ts';
import type { Composed } from './compose.ts';

/** Shows what `lbctl up` would do, where that can be told without logging in anywhere. */
export async function tellPlan(invocation: Invocation, { answers, loaded }: Composed): Promise<void> {
  const { terminal } = invocation;
  if (answers.provider !== 'local' || answers.discover || answers.dns) {
    terminal.note(terminal.noteStyle.dim('lbctl plan tells what lbctl up would do about it.\n'));
    return;
  }
  try {
    const { planOf } = await import('../plan.ts');
    const { provider, steps } = await planOf({ ...invocation, options: {} }, loaded);
    terminal.note('What lbctl up would do:');
    terminal.note(
      `${renderPlan({ balancer: answers.name, provider: provider.name, steps }, terminal.noteStyle)}\n`,
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.note(`${terminal.noteStyle.yellow('!')} lbctl up could not do it yet: ${error.message}`);
    if (error.hint !== undefined) terminal.note(`  hint: ${error.hint}\n`);
  }
}
