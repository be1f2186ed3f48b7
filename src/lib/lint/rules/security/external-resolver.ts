import { readAddress } from '../../model/network/addresses.ts';
import type { Rule } from '../../engine/rule.ts';

/** Public servers of Google, Cloudflare, Quad9, OpenDNS, Level 3, AdGuard, Yandex, AliDNS, DNSPod, 114 and Verisign. */
const PUBLIC =
  /^(?:8\.8\.[48]\.[48]|1\.[01]\.[01]\.[1-3]|9\.9\.9\.\d+|149\.112\.112\.\d+|208\.67\.22[02]\.22[02]|4\.2\.2\.[1-6]|94\.140\.1[45]\.\d+|77\.88\.8\.\d+|223\.[56]\.[56]\.[56]|119\.29\.29\.29|114\.114\.11[45]\.11[0459]|64\.6\.6[45]\.6|2001:4860:4860:|2606:4700:4700:|2620:fe:|2620:119:3[57]:|2a10:50c0:|2400:3200:)/u;

export const externalResolver: Rule = {
  id: 'security/external-resolver',
  severity: 'info',
  summary: 'names are looked up at a public DNS server',
  aliases: ['gixy:resolver_external'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('resolver')) {
      const word = item.directive.words.slice(1).find(({ value }) => isPublic(value));
      if (!word) continue;
      report(
        item,
        `names are looked up at ${word.value}, a public server that does not know names of your own`,
        {
          word,
          hint: 'name the resolver of your network; in an AWS VPC that is 169.254.169.253',
        },
      );
    }
  },
};

function isPublic(value: string): boolean {
  if (/^(?:valid|ipv[46]|status_zone)=/u.test(value)) return false;
  const host = readAddress(value)?.host ?? '';
  return PUBLIC.test(host) || /^(?:dns\.google|one\.one\.one\.one|dns\.quad9\.net)$/u.test(host);
}
