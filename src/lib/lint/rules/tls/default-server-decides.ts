import { atLeast } from '../../../nginx/version.ts';
import type { Rule } from '../../engine/rule.ts';
import { differingFromDefault, NAME_FIRST } from '../../judgement/tls/default-differences.ts';

export const defaultServerDecides: Rule = {
  id: 'tls/default-server-decides',
  severity: 'warning',
  summary: 'a setting of TLS does nothing, as it is not in the default server of the address',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    // in a part the default server may stand elsewhere
    if (!model.whole || atLeast(target.version, NAME_FIRST)) return;
    for (const name of ['ssl_protocols', 'ssl_ecdh_curve', 'ssl_early_data'])
      for (const { item, socket, default: first } of differingFromDefault(model, name, target.version))
        report(item, `${name} does nothing here: the default server of ${socket.name} decides`, {
          hint: `NGINX before ${NAME_FIRST} chooses this before it knows the name: set it in the default server, or in http`,
          related: { message: 'the default server', item: first.item },
        });
  },
};
