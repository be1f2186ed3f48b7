import { replaceWord } from '../../fixes/fix.ts';
import type { Rule } from '../../engine/rule.ts';

/** Directives whose first word is the name of a header, which NGINX takes as it is. */
const NAMING = [
  'add_header',
  'add_trailer',
  'proxy_set_header',
  'grpc_set_header',
  ...['proxy', 'fastcgi', 'uwsgi', 'scgi', 'grpc'].flatMap((name) => [
    `${name}_hide_header`,
    `${name}_pass_header`,
  ]),
];

/** What names are made of, by RFC 9110. */
const NAME = /^[\w!#$%&'*+.^`|~-]*$/u;

export const headerName: Rule = {
  id: 'reliability/header-name',
  severity: 'warning',
  summary: 'a header whose name has a colon, a space or the like in it',
  fixable: true,
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of NAMING.flatMap((name) => model.named(name))) {
      const word = item.directive.words[1];
      if (!word || NAME.test(word.value)) continue;
      const name = word.value.replace(/\s*:\s*$/u, '');
      const found = word.value.includes(':') ? 'a colon' : `${JSON.stringify(oddIn(word.value))}`;
      report(item, `no header has ${found} in its name: ${effectOf(item.directive.name)}`, {
        word,
        hint: NAME.test(name) ? `write ${name}, NGINX puts the colon behind it` : 'write the name alone',
        ...(/^[\w-]+$/u.test(name)
          ? { fix: { title: `write ${name}`, edits: [replaceWord(item, word, name)] } }
          : {}),
      });
    }
  },
};

function oddIn(name: string): string {
  return Array.from(name).find((char) => !NAME.test(char)) ?? '';
}

function effectOf(directive: string): string {
  if (/_(?:hide|pass)_header$/u.test(directive)) return 'this does nothing';
  return `${/_set_/u.test(directive) ? 'servers' : 'clients'} refuse it, or read something else`;
}
