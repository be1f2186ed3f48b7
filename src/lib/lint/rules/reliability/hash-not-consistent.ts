import { addWord } from '../../fixes/fix.ts';
import type { Rule } from '../../engine/rule.ts';
import { hashes } from '../../judgement/upstreams/hashes.ts';

export const hashNotConsistent: Rule = {
  id: 'reliability/hash-not-consistent',
  severity: 'info',
  summary: 'one server more or less sends nearly all keys to other servers',
  fixable: true,
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { upstream, item: hash, key } of hashes(model)) {
      if (hash.directive.words.length > 2) continue;
      report(hash, `one server more or less in ${upstream.name} sends nearly all keys to other servers`, {
        hint: 'with consistent only the keys of that server move; adding it moves them all once',
        fix: { title: 'add consistent', edits: [addWord(hash, key, 'consistent')] },
      });
    }
  },
};
