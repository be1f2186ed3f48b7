import { advisory, type Exposure } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve20261642 = advisory('2026-1642', {
  when: 'where servers are spoken to by TLS',
  meanwhile: 'keep the way to the servers private',
  exposures,
});

/** Directives that pass requests on, with the schemes that mean TLS. */
const BY_TLS = { proxy_pass: /^https:/iu, grpc_pass: /^grpcs:/iu, uwsgi_pass: /^suwsgi:/iu };

function* exposures(model: Model): Iterable<Exposure> {
  for (const [name, scheme] of Object.entries(BY_TLS))
    for (const item of model.named(name)) {
      const word = item.directive.words[1];
      if (word && scheme.test(word.value)) yield { item, word };
    }
}
