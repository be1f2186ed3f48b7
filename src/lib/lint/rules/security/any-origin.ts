import { described } from '../../model/values/origins.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const anyOrigin: Rule = {
  id: 'security/any-origin',
  severity: 'warning',
  summary: 'pages of anybody may read what visitors are shown who are logged in',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('add_header')) {
      const [, name, value] = item.directive.words;
      if (name?.value.toLowerCase() !== 'access-control-allow-origin' || !value?.value.includes('$'))
        continue;
      const credentials = credentialsIn(item.block);
      if (!credentials) continue;
      const origin = model.variables
        .origins(value.value, item)
        .find(({ variable, canBe }) => variable === 'http_origin' && canBe('https://attacker.test'));
      if (!origin) continue;
      report(
        item,
        `any page may read answers with the cookies of its visitor: ${described(origin)} is not checked`,
        {
          word: value,
          hint: 'let a map name the origins that may, and be empty for all others',
          related: { message: 'cookies are allowed', item: credentials },
        },
      );
    }
  },
};

function credentialsIn(block: Block): Item | undefined {
  return block
    .effective('add_header')
    .find(
      ({ directive: { words } }) =>
        words[1]?.value.toLowerCase() === 'access-control-allow-credentials' && words[2]?.value === 'true',
    );
}
