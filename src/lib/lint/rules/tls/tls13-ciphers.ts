import { wordsOf } from '../../judgement/tls/ciphers.ts';
import type { Rule } from '../../engine/rule.ts';

/** The cipher suites of TLSv1.3, which OpenSSL keeps in a list of their own. */
const SUITES = /^TLS_(?:AES_(?:128|256)_GCM|CHACHA20_POLY1305|AES_128_CCM|AES_128_CCM_8)_SHA(?:256|384)$/u;

export const tls13Ciphers: Rule = {
  id: 'tls/tls13-ciphers',
  severity: 'info',
  summary: 'cipher suites of TLSv1.3 stand in a list that does not reach them',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const name of ['ssl_ciphers', 'proxy_ssl_ciphers', 'grpc_ssl_ciphers', 'uwsgi_ssl_ciphers'])
      for (const item of model.named(name)) {
        const word = item.directive.words[1];
        const added = wordsOf(word?.value ?? '').filter((one) => !/^[!+@-]/u.test(one));
        const suites = added.filter((one) => SUITES.test(one));
        if (suites.length === 0) continue;
        const prefix = name.replace(/ciphers$/u, '');
        report(
          item,
          suites.length === added.length
            ? 'this list has no cipher of TLSv1.2: NGINX with OpenSSL does not start'
            : `${suites[0]!} does nothing here: ${name} is for TLSv1.2 and older`,
          { word, hint: `leave the suites out, or set them with ${prefix}conf_command Ciphersuites …;` },
        );
      }
  },
};
