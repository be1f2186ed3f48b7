import { UserError } from '../../lib/errors.ts';
import type { Answers } from '../../lib/init/answers.ts';
import { renderPlan } from '../../lib/ui/plan.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import type { Invocation } from '../command.ts';
import type { Composed } from './compose.ts';

/**
 * Shows what `lbctl up` would do, where that can be told without logging in anywhere.
 * @param isOnAws whether AWS has answered questions before.
 */
export async function tellPlan(
  invocation: Invocation,
  { answers, loaded }: Composed,
  isOnAws: boolean,
): Promise<void> {
  const { terminal } = invocation;
  const { noteStyle: style } = terminal;
  if (answers.provider === 'ssh' || (asksAws(answers) && !isOnAws)) {
    terminal.note(style.dim('lbctl plan tells what lbctl up would do about it.\n'));
    return;
  }
  try {
    const { planOf } = await import('../plan.ts');
    const { provider, steps, sight } = await withProgress(terminal, { yes: false }, (io) => {
      if (asksAws(answers)) io.notify({ kind: 'start', text: 'looking at what lbctl up would do' });
      return planOf({ ...invocation, options: {} }, loaded);
    });
    terminal.note('What lbctl up would do:');
    terminal.note(`${renderPlan({ balancer: answers.name, provider: provider.name, steps }, style)}\n`);
    if (sight.choice.notes !== undefined) terminal.note(`${sight.choice.notes}\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.note(`${style.yellow('!')} lbctl up could not do it yet: ${error.message}`);
    if (error.hint !== undefined) terminal.note(`  hint: ${error.hint}\n`);
  }
}

function asksAws({ provider, fleet, discover, dns }: Answers): boolean {
  return provider === 'lightsail' || fleet !== undefined || discover !== undefined || dns !== undefined;
}
