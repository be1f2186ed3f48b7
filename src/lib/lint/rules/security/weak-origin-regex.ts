import { variableOf } from '../../model/values/limits.ts';
import { leaves } from '../../model/requests/answers.ts';
import { type Match, matchesIn, patternOf, rowMatch } from '../../model/values/matches.ts';
import type { Item, Model } from '../../model/model.ts';
import { readPattern } from '../../regex/read.ts';
import type { Rule } from '../../engine/rule.ts';
import { strangerOf } from '../../judgement/clients/trusted-hosts.ts';

export const weakOriginRegex: Rule = {
  id: 'security/weak-origin-regex',
  severity: 'warning',
  summary: 'an expression that is to know pages of one’s own takes those of others for them',
  aliases: ['gixy:origins'],
  since: '0.1.0',
  check({ model, report }) {
    for (const { item, match } of [...conditions(model), ...tables(model)]) {
      const header = headerOf(match);
      if (!header) continue;
      const stranger = strangerOf(patternOf(match), header);
      if (stranger !== undefined)
        report(item, `${match.pattern} takes ${stranger} for one of yours`, { word: match.word, hint: HINT });
    }
    for (const item of model.named('valid_referers'))
      for (const word of item.directive.words.slice(1)) {
        if (!word.value.startsWith('~')) continue;
        const stranger = strangerOf(readPattern(word.value.slice(1), true), 'without-scheme');
        if (stranger !== undefined)
          report(item, `${word.value} takes ${stranger} for one of yours`, { word, hint: HINT });
      }
  },
};

const HINT = String.raw`write ^ at the start, \. for each dot, and say what ends the name: ^https://www\.example\.com$`;

function headerOf({ subject }: Match): 'origin' | 'referer' | undefined {
  const name = variableOf(subject);
  if (name === 'http_origin') return 'origin';
  return name === 'http_referer' ? 'referer' : undefined;
}

interface Place {
  readonly item: Item;
  readonly match: Match;
}

/** Conditions that let something through; those that turn pages away need not be exact. */
function conditions(model: Model): Place[] {
  return model
    .named('if')
    .flatMap((item) => matchesIn(item).map((match) => ({ item, match })))
    .filter(({ item, match: { negative } }) => negative === leaves(item));
}

/** Lines of tables that answer with the header itself, or whose variable is named after what it is for. */
function tables(model: Model): Place[] {
  return model.named('map').flatMap((item) => {
    const [, source, variable] = item.directive.words;
    if (!/^\$\{?http_(?:origin|referer)\}?$/iu.test(source?.value ?? '')) return [];
    const named = /cors|allow|valid/iu.test(variable?.value ?? '');
    return model.rows(item).flatMap((row) => {
      const [key, value] = row.directive.words;
      if (!key || !value || /^(?:0|no|off|false|deny.*|block.*|)$/iu.test(value.value)) return [];
      if (!named && !value.value.includes('$')) return [];
      const match = rowMatch(key, source!.value, item);
      return match ? [{ item: row, match }] : [];
    });
  });
}
