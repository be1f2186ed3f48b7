import type { Rule } from '../../engine/rule.ts';
import { hashes } from '../../judgement/upstreams/hashes.ts';
import { namesIn } from '../../model/values/names-in.ts';

/** Variables that are the same for all requests that reach an upstream. */
const CONSTANT = new Set(['hostname', 'nginx_version', 'pid', 'proxy_host', 'proxy_port']);

export const constantHashKey: Rule = {
  id: 'reliability/constant-hash-key',
  severity: 'warning',
  summary: 'a hash over something that never changes sends all requests to one server',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { upstream, item: hash, key } of hashes(model)) {
      if (key.value === '') continue;
      if (namesIn(key.value).some((name) => !CONSTANT.has(name) || model.variables.isMade(name, hash)))
        continue;
      report(hash, `all requests to ${upstream.name} go to one server: ${key.value} is always the same`, {
        word: key,
        hint: key.value.includes('$')
          ? 'take a key that tells clients or requests apart, such as $remote_addr or $request_uri'
          : `a variable starts with a dollar sign: $${key.value}`,
      });
    }
  },
};
