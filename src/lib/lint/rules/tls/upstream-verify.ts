import type { Rule } from '../../engine/rule.ts';
import { passesOf } from '../../judgement/tls/passes.ts';

export const upstreamVerify: Rule = {
  id: 'tls/upstream-verify',
  severity: 'info',
  summary: 'nobody looks whether a server behind, reached by TLS, is the right one',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<string>();
    for (const { item, word, tls, prefix, host } of passesOf(model)) {
      if (!tls || /^(?:localhost|127\..*|\[::1\])$/iu.test(host)) continue;
      const [verify] = item.block.effective(`${prefix}_verify`);
      if (verify ? verify.directive.words[1]?.value.toLowerCase() === 'on' : !model.whole) continue;
      // once for each host is enough
      if (told.has(`${prefix} ${host.toLowerCase()}`)) continue;
      told.add(`${prefix} ${host.toLowerCase()}`);
      report(item, `the certificate of ${host} is not verified: whoever is in between can be it`, {
        word,
        hint: `add ${prefix}_verify on; and ${prefix}_trusted_certificate`,
      });
    }
  },
};
