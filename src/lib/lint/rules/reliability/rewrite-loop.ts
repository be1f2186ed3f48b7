import { Context } from '../../../nginx/directives/contexts.ts';
import { DEEPEST, placeOf, placesIn } from '../../model/requests/locations.ts';
import type { Item } from '../../model/model.ts';
import { isMatch } from '../../regex/path-match.ts';
import { locationFor } from '../../model/requests/routing.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';

export const rewriteLoop: Rule = {
  id: 'reliability/rewrite-loop',
  severity: 'error',
  summary: 'a location that leads to itself until NGINX gives up',
  aliases: [],
  since: '0.1.0',
  check(context) {
    for (const item of context.model.named('try_files')) tried(context, item);
    for (const item of context.model.named('rewrite')) rewritten(context, item);
  },
};

/** Directives that may end a round. */
const ENDS = ['if', 'break', 'return', 'rewrite'];

/** The last word is no file: NGINX starts anew with it as the path. */
function tried({ report }: RuleContext, item: Item): void {
  const { block } = item;
  const place = block.item && block.context === Context.location ? placeOf(block.item) : undefined;
  if (!place && block.context !== Context.server) return;
  const word = item.directive.words.at(-1)!;
  const same = word.value === '$uri';
  const folder = word.value === '$uri/';
  if (item.directive.words.length < 3 || place?.kind === 'named' || (!same && !folder)) return;
  // what changes the path on the way may end it
  if ([block, block.server].some((one) => ENDS.some((name) => one && one.own(name).length > 0))) return;
  // with a slash behind it, another location could take it
  if (folder && (place?.kind === 'prefix' ? endsElsewhere(item) : true)) return;
  report(item, 'what is not there ends with 500, not 404: the last word leads back here, ten times', {
    word,
    hint: 'add =404',
  });
}

/** Whether a regular expression beside or in a location may take paths that end in a slash. */
function endsElsewhere({ block }: Item): boolean {
  return [block.parent!, block].some((one) =>
    placesIn(one).regex.some(
      ({ outline }) =>
        !outline?.end || outline.runs.at(-1)?.every((word) => word !== '' && !word.endsWith('/')) !== true,
    ),
  );
}

function rewritten({ model, report }: RuleContext, item: Item): void {
  const { block } = item;
  const [, pattern, target, flag] = item.directive.words;
  const server = block.server;
  if (block.context !== Context.location || !block.item || !server || !pattern || !target) return;
  if (flag ? flag.value !== 'last' : block.own('rewrite').at(-1) !== item) return;
  const path = target.value.replace(/\?[^]*$/u, '');
  if (!path.startsWith('/') || path.includes('$')) return;
  // whatever stands in front may end the round, and what stands behind may, where there is no flag
  if (ENDS.some((name) => block.own(name).some((one) => one !== item && (!flag || one.index < item.index))))
    return;
  if (isMatch(pattern.value, path, false) !== true) return;
  if (!model.isKnown(server) || !model.isKnown(block)) return;
  const found = locationFor(server, path, DEEPEST);
  if (!found || found.slash || found.location !== block.item) return;
  report(
    item,
    `${path} comes back to this location and is rewritten again: after ten times the answer is 500`,
    {
      word: target,
      hint: `add location = ${path}, or write break in the place of last`,
    },
  );
}
