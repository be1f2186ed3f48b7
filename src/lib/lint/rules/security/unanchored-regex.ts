import { placeOf } from '../../model/requests/locations.ts';
import { matchesIn, patternOf } from '../../model/values/matches.ts';
import { isAnchoredAtStart } from '../../regex/questions.ts';
import type { Rule } from '../../engine/rule.ts';

/** Ends in an ending of a file such as `\.php` or `\.(js|css)`; behind a slash it would be a hidden file. */
const ENDING = /(?:^|[^/\\])\\\.(?:[a-z0-9]{1,5}|\((?:\?:)?[a-z0-9|?]+\))$/iu;

export const unanchoredRegex: Rule = {
  id: 'security/unanchored-regex',
  severity: 'info',
  summary: 'a location for an ending of files matches in the middle of a path, too',
  aliases: ['gixy:unanchored_regex'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('location')) {
      const place = placeOf(item);
      if (place?.kind !== 'regex' || !ENDING.test(place.name)) continue;
      const [match] = matchesIn(item);
      if (!match || isAnchoredAtStart(patternOf(match))) continue;
      const ending = place.name
        .slice(place.name.lastIndexOf(String.raw`\.`) + 2)
        .replaceAll(/\(\?:|[()]/gu, '');
      const [first = ''] = ending.replaceAll(/.\?/gu, '').split('|');
      report(item, `this matches /a.${first} and /a.${first}x/b alike`, {
        word: place.word,
        hint: `write $ at the end: ${place.name}$`,
      });
    }
  },
};
