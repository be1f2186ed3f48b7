import { weakCiphers } from '../../judgement/tls/ciphers.ts';
import type { Rule } from '../../engine/rule.ts';
import { holdsForClients } from '../../judgement/tls/in-force.ts';

/** What is for clients of NGINX; the others are for the servers behind it. */
const FOR_CLIENTS = 'ssl_ciphers';

const DIRECTIVES = [
  FOR_CLIENTS,
  'proxy_ssl_ciphers',
  'grpc_ssl_ciphers',
  'uwsgi_ssl_ciphers',
  'zone_sync_ssl_ciphers',
  'js_fetch_ciphers',
];

/** What is wrong with ciphers of a kind, by the word that shuts them out. */
const WHY: Readonly<Record<string, string>> = {
  RC4: 'RC4',
  '3DES': '3DES',
  DES: 'DES',
  EXPORT: 'keys of 40 bits',
  eNULL: 'no encryption',
  aNULL: 'servers without a certificate',
};

export const weakCiphersAllowed: Rule = {
  id: 'tls/weak-ciphers',
  severity: 'warning',
  summary: 'ciphers that can be broken are allowed',
  aliases: ['gixy:weak_ssl_tls', 'nginx-lint:weak-ssl-ciphers'],
  since: '0.1.0',
  check({ model, target, report }) {
    const holds = holdsForClients(model, FOR_CLIENTS, target.version);
    for (const item of DIRECTIVES.flatMap((name) => model.named(name))) {
      const word = item.directive.words[1];
      const weak = weakCiphers(word?.value ?? '');
      if (weak.length === 0) continue;
      if (item.directive.name === FOR_CLIENTS && !holds(item)) continue;
      const parts = weak.map((one) => {
        const what = WHY[one.weakness]!;
        return one.word === what ? what : `${what} (by ${one.word})`;
      });
      report(item, `the list allows ${parts.join(', ')}`, {
        word,
        hint: `shut out what is weak, with ${weak.map(({ weakness }) => `!${weakness}`).join(':')} in the list`,
      });
    }
  },
};
