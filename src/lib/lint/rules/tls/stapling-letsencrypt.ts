import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { stapledServers } from '../../judgement/tls/stapling.ts';

export const staplingLetsencrypt: Rule = {
  id: 'tls/stapling-letsencrypt',
  severity: 'info',
  summary: "ssl_stapling does nothing for certificates of Let's Encrypt, which has no OCSP any more",
  aliases: ['gixy:ssl_stapling_letsencrypt'],
  since: '0.1.0',
  check({ model, target, report }) {
    const told = new Set<Item>();
    for (const { stapling, server } of stapledServers(model, target.version)) {
      const certificate = server.effective('ssl_certificate').find(isLetsencrypt);
      if (!certificate || told.has(stapling) || isFed(server)) continue;
      told.add(stapling);
      report(
        stapling,
        "ssl_stapling does nothing here: certificates of Let's Encrypt have no OCSP since 2025",
        {
          hint: 'take it out; NGINX logs that it is ignored at each start',
          related: { message: 'the certificate', item: certificate },
        },
      );
    }
  },
};

/** Whether a certificate lies where certbot puts those of Let's Encrypt. */
function isLetsencrypt({ directive }: Item): boolean {
  return /\/letsencrypt\/live\//u.test(directive.words[1]?.value ?? '');
}

function isFed(server: Block): boolean {
  return ['ssl_stapling_file', 'ssl_stapling_responder'].some((name) => server.effective(name).length > 0);
}
