import type { Word } from '../../../nginx/syntax/tree.ts';
import { replaceWord } from '../../fixes/fix.ts';
import type { Rule } from '../../engine/rule.ts';

/** Directives whose words become headers, and how many words that are. */
const HEADERS = [
  'add_header',
  'add_trailer',
  'proxy_set_header',
  'grpc_set_header',
  'more_set_headers',
  'return',
];

export const multilineHeader: Rule = {
  id: 'reliability/multiline-header',
  severity: 'warning',
  summary: 'a header that goes over several lines',
  fixable: true,
  aliases: ['gixy:add_header_multiline'],
  since: '0.1.0',
  check({ model, report }) {
    for (const name of HEADERS)
      for (const item of model.named(name)) {
        const words = item.directive.words.slice(name === 'more_set_headers' ? 1 : 2);
        const word = words.find(({ value }) => /[\r\n]/u.test(value));
        if (!word || (name === 'return' && !/^30[12378]$/u.test(item.directive.words[1]!.value))) continue;
        const fix = { title: 'write it in one line', edits: [replaceWord(item, word, inOneLine(word))] };
        report(
          item,
          'this header has a line break in it: HTTP/2 and HTTP/3 fail, and HTTP/1.1 may take it for two headers',
          {
            word,
            hint: 'write it in one line',
            ...(isFolded(word) ? { fix } : {}),
          },
        );
      }
  },
};

/** Whether the lines are one text that was broken for the eye: the next ones are indented, and no break is written out. */
function isFolded({ raw }: Word): boolean {
  return !/\\[rn]/u.test(raw) && !/\n(?![ \t])/u.test(raw) && !/\r(?!\n)/u.test(raw);
}

function inOneLine({ raw }: Word): string {
  return raw
    .replaceAll(/[ \t]*\r?\n\s*/gu, ' ')
    .replace(/ (?=["']$)/u, '')
    .replace(/^(["']) /u, '$1');
}
