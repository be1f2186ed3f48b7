import { described, type Origin } from '../../model/values/origins.ts';
import type { Rule } from '../../engine/rule.ts';
import { hashes } from '../../judgement/upstreams/hashes.ts';

/** What a client writes beside the resource it wants: arguments, headers and cookies. */
const BESIDE = /^(?:arg|http|cookie)_/u;

export const chosenHashKey: Rule = {
  id: 'reliability/chosen-hash-key',
  severity: 'info',
  summary: 'a client can choose which server of a group it is sent to',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { upstream, item: hash, key } of hashes(model)) {
      if (!key.value.includes('$')) continue;
      const origins = model.variables.origins(key.value, hash);
      // with anything else in the key, a client has no free hand
      if (origins.length === 0 || !origins.every(isChosen)) continue;
      report(
        hash,
        `${described(origins[0]!)} is what the client writes: it can aim at one server of ${upstream.name}`,
        {
          word: key,
          hint: 'add something of the connection, as in $remote_addr$cookie_id, where many requests to one server would hurt',
        },
      );
    }
  },
};

function isChosen({ variable, client }: Origin): boolean {
  return client && BESIDE.test(variable) && variable !== 'http_host';
}
