import { advisory, type Exposure } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve202627651 = advisory('2026-27651', {
  when: 'where mail clients may use CRAM-MD5 or APOP',
  meanwhile: 'take them out of the list',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const name of ['smtp_auth', 'imap_auth', 'pop3_auth'])
    for (const item of model.named(name)) {
      const word = item.directive.words.find(({ value }) => /^(?:cram-md5|apop)$/iu.test(value));
      if (word) yield { item, word };
    }
}
