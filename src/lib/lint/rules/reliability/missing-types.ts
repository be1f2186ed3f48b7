import { Context } from '../../../nginx/directives/contexts.ts';
import { includesNamed } from '../../judgement/includes.ts';
import { handlerOf, isLeft } from '../../model/requests/answers.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const missingTypes: Rule = {
  id: 'reliability/missing-types',
  severity: 'info',
  summary: 'styles and scripts that browsers do not take, as their type is not known',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    // in a part they may stand elsewhere
    if (!model.whole) return;
    for (const name of ['root', 'alias'])
      for (const item of model.named(name)) {
        const block = users(item).find(givesFiles);
        if (!block || isForChallenges(block) || includesNamed(block, /types/u)) continue;
        report(
          item,
          'style.css and app.js are sent as text/plain, or as default_type says: no types are known',
          {
            hint: 'add include mime.types; to http',
          },
        );
        return;
      }
  },
};

/** The block of a `root`, and the locations right in it. */
function users({ block }: Item): Block[] {
  return [block, ...block.own('location').flatMap(({ inner }) => inner ?? [])];
}

function givesFiles(block: Block): boolean {
  if (block.context !== Context.server && block.context !== Context.location) return false;
  const isAnswered = block.context === Context.server && block.own('location').length > 0;
  return !isAnswered && block.effective('types').length === 0 && !handlerOf(block) && !isLeft(block);
}

/** Files that no browser looks at. */
function isForChallenges({ directive }: Block): boolean {
  return directive?.words.at(-1)?.value.includes('/.well-known') === true;
}
