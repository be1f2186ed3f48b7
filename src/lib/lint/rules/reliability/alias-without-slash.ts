import { handlerOf } from '../../model/requests/answers.ts';
import { placeOf } from '../../model/requests/locations.ts';
import type { Rule } from '../../engine/rule.ts';

export const aliasWithoutSlash: Rule = {
  id: 'reliability/alias-without-slash',
  severity: 'warning',
  summary: 'an alias without the slash that its location ends in',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const alias of model.named('alias')) {
      const [, word] = alias.directive.words;
      const location = alias.block.item;
      const place = location && placeOf(location);
      if (!word || place?.kind !== 'prefix' || !place.name.endsWith('/') || handlerOf(alias.block)) continue;
      // what a variable ends in is not known
      if (word.value.endsWith('/') || /\$\{?\w+\}?$/u.test(word.value)) continue;
      report(alias, `${place.name}x is looked for as ${word.value}x`, {
        word,
        hint: `write ${word.value}/, as alias stands in place of ${place.name} with its slash`,
      });
    }
  },
};
