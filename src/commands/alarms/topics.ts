import { codeOf } from '../../lib/aws/failure.ts';
import { UserError } from '../../lib/errors.ts';
import { gapOf, type Topic } from '../../lib/metrics/alarms/topics.ts';
import { visible } from '../../lib/ui/visible.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';

/** Topics, with those whom they tell; a call for each of them. What cannot be found out is part of the answer. */
export async function topicsOf(arns: readonly string[]): Promise<Topic[]> {
  const { subscriptionsTo } = await import('../../lib/aws/sns.ts');
  return Promise.all(
    arns.map(async (arn): Promise<Topic> => {
      try {
        return { arn, unknown: null, subscriptions: await subscriptionsTo(arn), exists: true };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        if (codeOf(error)?.startsWith('NotFound') === true)
          return { arn, unknown: null, subscriptions: [], exists: false };
        const unknown = { why: error.message, hint: error.hint ?? null };
        return { arn, unknown, subscriptions: [], exists: true };
      }
    }),
  );
}

/** Tells of topics that reach nobody. */
export function noteGaps(topics: readonly Topic[], terminal: Terminal): void {
  for (const gap of topics.flatMap((topic) => gapOf(topic) ?? [])) {
    terminal.note(`${terminal.noteStyle.yellow('!')} ${visible(gap.message)}`);
    if (gap.hint !== null) terminal.note(`  ${visible(gap.hint)}`);
  }
}
