import type { Word } from '../../../nginx/syntax/tree.ts';
import { type Match, matchesBefore, patternOf, rowMatch } from '../../model/values/matches.ts';
import type { Item } from '../../model/model.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';

/** Directives whose values may have groups, with the place of the first value. */
const VALUES: Readonly<Record<string, number>> = {
  add_header: 2,
  alias: 1,
  error_page: 2,
  fastcgi_param: 2,
  proxy_cache_key: 1,
  proxy_pass: 1,
  proxy_set_header: 2,
  return: 1,
  rewrite: 2,
  root: 1,
  set: 2,
  try_files: 1,
};

export const missingCapture: Rule = {
  id: 'reliability/missing-capture',
  severity: 'warning',
  summary: 'a value has a group that its regular expression does not have',
  aliases: ['gixy:invalid_regex'],
  since: '0.1.0',
  check(context) {
    const { model } = context;
    for (const [name, first] of Object.entries(VALUES))
      for (const item of model.named(name))
        for (const word of item.directive.words.slice(first))
          if (word.value.includes('$')) look(context, item, word, () => matchesBefore(item));
    for (const item of model.named('map')) {
      const source = item.directive.words[1]?.value ?? '';
      for (const row of model.rows(item)) {
        const [key, value] = row.directive.words;
        const match = key && value?.value.includes('$') ? rowMatch(key, source, item) : undefined;
        if (match) look(context, row, value!, () => [match]);
      }
    }
  },
};

function look({ report }: RuleContext, item: Item, word: Word, before: () => readonly Match[]): void {
  const numbers = [...word.value.matchAll(/\$([1-9])(\d*)/gu)];
  if (numbers.length === 0) return;
  const matches = before();
  // the groups of a request's last match live on where it is led on to
  if (matches.length === 0 || matches.some((match) => patternOf(match).broken)) return;
  const most = Math.max(...matches.map((match) => patternOf(match).count));
  const related = { message: 'the expression', item: matches.at(-1)!.at };
  const missing = numbers.find(([, digit]) => Number(digit) > most);
  if (missing) {
    const [, digit] = missing;
    const groups = most === 0 ? 'no group' : most === 1 ? 'one group' : `${most} groups`;
    report(item, `$${digit} is empty: ${matches.at(-1)!.pattern} has ${groups}`, {
      word,
      hint: 'put into brackets what is meant, or leave it out',
      related,
    });
    return;
  }
  const long = numbers.find(([, digit, more]) => more !== '' && Number(`${digit}${more}`) <= most);
  if (!long) return;
  const [written, digit, more] = long;
  report(item, `${written} is $${digit} with ${more} behind it: groups have one digit`, {
    word,
    hint: 'name the group: (?<name>…) and $name',
    related,
  });
}
