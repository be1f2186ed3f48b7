import { fitsAll, givesSomething, redirectOf } from '../../model/requests/answers.ts';
import { Context, scopeOf } from '../../../nginx/directives/contexts.ts';
import { ownGuard } from '../../judgement/clients/guards.ts';
import { placeOf } from '../../model/requests/locations.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const returnBeforeAccess: Rule = {
  id: 'security/return-before-access',
  severity: 'warning',
  summary: 'a fixed answer is given before access and limits are checked',
  aliases: ['gixy:return_bypasses_allow_deny'],
  since: '0.1.0',
  check({ model, report }) {
    for (const block of answering(model)) {
      // stream looks at access before it answers
      if (scopeOf(block.context) !== 'http') continue;
      const guard = guardIn(block);
      if (!guard || isLedTo(block)) continue;
      for (const answer of answersIn(block, guard))
        report(answer, messageFor(answer, guard), {
          hint: 'move the answer into a named location, and lead there with try_files /.never @answer;',
          related: { message: 'what is passed by', item: guard },
        });
    }
  },
};

/** Blocks that answer, themselves or in an `if`. */
function answering(model: Model): Set<Block> {
  const items = [...model.named('return'), ...model.named('rewrite')];
  return new Set(
    items.flatMap(({ block }) => (block.directive?.name === 'if' ? (block.parent ?? []) : block)),
  );
}

function messageFor(answer: Item, { directive: { name } }: Item): string {
  return name.startsWith('limit_')
    ? `${name} does not hold here: ${answer.directive.name} answers before limits are looked at`
    : `this answers everyone: ${name} is looked at later`;
}

/** Limits may stand in a server for what else it does. */
function guardIn(block: Block): Item | undefined {
  const guard = ownGuard(block);
  if (guard || block.context !== Context.location) return guard;
  return block.own('limit_req')[0] ?? block.own('limit_conn')[0];
}

/** What comes by `try_files` or `error_page` has been checked where it came from. */
function isLedTo(block: Block): boolean {
  return (block.item && placeOf(block.item)?.kind === 'named') ?? false;
}

/** The answers of a block that its guard should have seen. */
function answersIn(block: Block, guard: Item): readonly Item[] {
  const redirects = block.own('rewrite').filter((item) => redirectOf(item) && fitsAll(item));
  const [first] = [...block.own('return').filter(givesSomething), ...redirects];
  if (first) return [first];
  // a redirect or an empty answer under a condition is an exception that is meant, such as for https or CORS
  if (block.context !== Context.location || guard.directive.name.startsWith('limit_')) return [];
  return block.own('if').flatMap(({ inner }) => inner?.own('return').filter(givesText) ?? []);
}

function givesText({ directive }: Item): boolean {
  const [, status, text] = directive.words;
  return /^2\d\d$/u.test(status?.value ?? '') && (text?.value ?? '') !== '';
}
