import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { stapledServers } from '../../judgement/tls/stapling.ts';

/** What fills the store of certificates that answers are verified by. */
const TRUSTED = ['ssl_trusted_certificate', 'ssl_client_certificate', 'ssl_stapling_file'];

export const staplingVerify: Rule = {
  id: 'tls/stapling-verify',
  severity: 'info',
  summary: 'ssl_stapling_verify has no certificates to verify by',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    if (!model.whole) return;
    const told = new Set<Item>();
    for (const { server } of stapledServers(model, target.version)) {
      const [verify] = server.effective('ssl_stapling_verify');
      if (!verify || verify.directive.words[1]?.value.toLowerCase() !== 'on' || told.has(verify)) continue;
      if (TRUSTED.some((name) => server.effective(name).length > 0)) continue;
      told.add(verify);
      report(verify, 'nothing is stapled where the answer is not signed by the issuer itself', {
        hint: 'name the certificates of the issuer and of its root with ssl_trusted_certificate',
      });
    }
  },
};
