import { namesIn } from '../../model/values/names-in.ts';
import type { Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** Variables that let somebody else check the certificate. */
const WHOLE = /^ssl_client_(?:verify|cert|raw_cert|escaped_cert|fingerprint)$/u;

export const clientCertificateUnchecked: Rule = {
  id: 'tls/client-certificate-unchecked',
  severity: 'warning',
  summary: 'client certificates are asked for, and nothing looks whether there is a good one',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    if (!model.whole) return;
    const asking = (mode: string): readonly Item[] =>
      model
        .named('ssl_verify_client')
        .filter(({ directive }) => directive.words[1]?.value.toLowerCase() === mode);
    const [open, optional] = [asking('optional_no_ca'), asking('optional')];
    if (open.length + optional.length === 0 || hasCode(model)) return;
    const used = usedVariables(model);
    if (used.size === 0)
      for (const item of optional)
        report(item, 'who has no certificate is let in like all others: nothing looks whether there is one', {
          word: item.directive.words[1],
          hint: 'write on, or refuse where $ssl_client_verify is not SUCCESS',
        });
    if ([...used].some((name) => WHOLE.test(name))) return;
    const trusted = [...used].find((name) => name.startsWith('ssl_client_'));
    for (const item of open)
      report(
        item,
        trusted === undefined
          ? 'any client certificate is taken, and nothing looks at it'
          : `any client certificate is taken, so $${trusted} is whatever the client wrote into one`,
        {
          word: item.directive.words[1],
          hint: 'ask whether $ssl_client_verify is SUCCESS, or write optional',
        },
      );
  },
};

/** Programs in the configuration may look at every variable. */
function hasCode(model: Model): boolean {
  return model.items.some(({ directive: { name } }) => /^(?:js_|perl|lua_)|_by_lua/u.test(name));
}

function usedVariables(model: Model): Set<string> {
  const used = new Set<string>();
  for (const item of [...model.items, ...model.named('map').flatMap((map) => model.rows(map))])
    for (const { value } of item.directive.words)
      // what is written to a log keeps nobody out
      if (value.includes('ssl_client_') && item.directive.name !== 'log_format')
        for (const name of namesIn(value)) used.add(name);
  return used;
}
