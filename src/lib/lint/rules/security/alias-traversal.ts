import type { Word } from '../../../nginx/syntax/tree.ts';
import { captured, type Limit } from '../../model/values/limits.ts';
import { placeOf } from '../../model/requests/locations.ts';
import { type Match, matchesIn, patternOf } from '../../model/values/matches.ts';
import type { Item } from '../../model/model.ts';
import { described } from '../../model/values/origins.ts';
import { isInternal } from '../../judgement/clients/redirects.ts';
import { character } from '../../regex/characters.ts';
import { standsBehind } from '../../regex/questions.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';

/**
 * NGINX puts `alias` in the place of what the location matched: behind `/img` comes whatever the client wrote, so
 * that `/img../secret` becomes `/srv/img/../secret`.
 */
export const aliasTraversal: Rule = {
  id: 'security/alias-traversal',
  severity: 'error',
  summary: 'a path leads out of the folder of its location',
  aliases: ['gixy:alias_traversal', 'nginx-lint:alias-location-slash-mismatch'],
  since: '0.1.0',
  check(context) {
    const { model } = context;
    for (const alias of model.named('alias')) {
      const word = alias.directive.words[1];
      const location = alias.block.item;
      if (!word || location?.directive.name !== 'location' || isInternal(alias)) continue;
      lookAtPrefix(context, alias, word, location);
      for (const match of matchesIn(location)) lookAtGroups(context, alias, word, match);
    }
    for (const name of ['alias', 'root']) for (const item of model.named(name)) lookAtValues(context, item);
  },
};

function lookAtPrefix({ report }: RuleContext, alias: Item, word: Word, location: Item): void {
  const found = placeOf(location);
  if (found?.kind !== 'prefix' || found.name.endsWith('/') || !word.value.endsWith('/')) return;
  report(alias, `${found.name}../ leads out of ${word.value}`, {
    word,
    hint: `end both with a slash, location ${found.name}/, or neither`,
    related: { message: 'the location', item: location },
  });
}

const GROUP = /\/\$(?:\{(\w+)\}|([1-9])|(\w+))/gu;

/** A path has no `..` between slashes any more when it is matched, but a group may begin or end within a name. */
function lookAtGroups({ report }: RuleContext, alias: Item, word: Word, match: Match): void {
  for (const [written, braced, digit, plain] of word.value.matchAll(GROUP)) {
    const group = digit === undefined ? (braced ?? plain)! : Number(digit);
    const limit = captured(match, group);
    if (!limit || !leadsUp(limit) || standsBehind(patternOf(match), group, character(47))) continue;
    report(alias, `${written.slice(1)} may be .., which leads out of the folder`, {
      word,
      hint: 'let a slash stand in front of the group in the expression, as in ^/files/(.*)$',
      related: { message: 'the expression', item: match.at },
    });
    return;
  }
}

function leadsUp({ allows }: Limit): boolean {
  return allows('../a') || allows('..');
}

/** What leads out of a folder; expressions may want the first character to be a letter. */
const UPWARDS = ['../a', '/../a', 'a/../../b'];

/** Values that a client writes and that are no paths of NGINX, where nobody has looked for `..`. */
function lookAtValues({ model, report }: RuleContext, item: Item): void {
  const word = item.directive.words[1];
  if (!word?.value.includes('$') || isInternal(item)) return;
  const origin = model.variables
    .origins(word.value, item)
    .find(({ variable, canBe }) => !variable.endsWith('uri') && UPWARDS.some(canBe));
  if (!origin) return;
  report(item, `the client chooses the folder: ${described(origin)} may have ../ in it`, {
    word,
    hint: 'choose among known folders with a map',
  });
}
