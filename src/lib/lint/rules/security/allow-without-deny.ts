import type { Block } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const allowWithoutDeny: Rule = {
  id: 'security/allow-without-deny',
  severity: 'warning',
  summary: 'addresses are allowed, but nobody is refused',
  aliases: ['gixy:allow_without_deny'],
  since: '0.1.0',
  check({ model, report }) {
    for (const block of new Set(model.named('allow').map((item) => item.block))) {
      const allows = block.own('allow');
      const [first] = allows;
      // allow and deny are one list: a block that has one of them forgets both of the outer ones
      if (!first || block.own('deny').length > 0) continue;
      if (allows.some(({ directive }) => directive.words[1]?.value === 'all')) continue;
      // without its semicolon an allow has swallowed what stands behind it
      if (allows.some(({ directive }) => directive.words.length > 2)) continue;
      if (isEnough(block) || !model.isKnown(block)) continue;
      report(first, 'these addresses are allowed, and so are all others', {
        hint: 'add deny all; behind the last allow',
      });
    }
  },
};

/** With `satisfy any` an address that is not allowed needs a password, or whatever else is asked for. */
function isEnough(block: Block): boolean {
  return block.effective('satisfy')[0]?.directive.words[1]?.value.toLowerCase() === 'any';
}
