import { wordsOf } from '../../judgement/tls/ciphers.ts';
import type { Rule } from '../../engine/rule.ts';
import { holdsForClients } from '../../judgement/tls/in-force.ts';

/** Ciphers whose keys are sent to the key of the certificate, by OpenSSL's names. */
const STATIC =
  /^(?:(?:AES(?:128|256)|CAMELLIA(?:128|256)|ARIA(?:128|256)|SEED|IDEA|DES|DES-CBC3|RC4|NULL)-(?:CBC-)?(?:GCM-|CCM8?$)?(?:SHA(?:256|384)?|MD5)?|k?RSA(?:\+\w+)*|\w+\+k?RSA)$/u;

export const noForwardSecrecy: Rule = {
  id: 'tls/no-forward-secrecy',
  severity: 'info',
  summary: 'no cipher of TLSv1.2 keeps what was recorded safe once the key is known',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    const holds = holdsForClients(model, 'ssl_ciphers', target.version);
    for (const item of model.named('ssl_ciphers')) {
      const word = item.directive.words[1];
      const added = wordsOf(word?.value ?? '').filter((one) => !/^[!+@-]/u.test(one));
      if (added.length === 0 || !added.every((one) => STATIC.test(one))) continue;
      if (!holds(item)) continue;
      report(item, 'no cipher of the list has forward secrecy', {
        word,
        hint: 'put ciphers that begin with ECDHE- in front; TLSv1.3 has it in any case',
      });
    }
  },
};
