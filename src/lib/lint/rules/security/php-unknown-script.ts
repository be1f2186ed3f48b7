import { groupOf } from '../../model/network/upstreams.ts';
import { placeOf } from '../../model/requests/locations.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const phpUnknownScript: Rule = {
  id: 'security/php-unknown-script',
  severity: 'info',
  summary: 'PHP is given names of scripts that are not there',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const pass of model.named('fastcgi_pass')) {
      const { block } = pass;
      const place = block.item && placeOf(block.item);
      if (place?.kind !== 'regex' || !/\\\.php\d?\)?\$?$/u.test(place.name)) continue;
      // the files of another machine are not for this one to look at
      if (!isOnThisMachine(pass) || looksForFile(block) || !model.isKnown(block)) continue;
      report(pass, 'a path to a script that is not there is passed on: PHP may then run another file of it', {
        hint: 'add try_files $uri =404;',
      });
    }
  },
};

function isOnThisMachine(pass: Item): boolean {
  const value = pass.directive.words[1]?.value ?? '';
  return value.startsWith('unix:') || /^(?:127\.|localhost|\[::1\])/u.test(groupOf(pass) ?? '');
}

function looksForFile(block: Block): boolean {
  return (
    block.own('try_files').length > 0 ||
    block.own('internal').length > 0 ||
    block.own('if').some(({ directive }) => directive.words.some(({ value }) => /^\(?!-[fe]$/u.test(value)))
  );
}
