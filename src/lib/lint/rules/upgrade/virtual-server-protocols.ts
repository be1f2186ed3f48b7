import { atLeast } from '../../../nginx/version.ts';
import type { Rule } from '../../engine/rule.ts';
import { differingFromDefault, NAME_FIRST } from '../../judgement/tls/default-differences.ts';

export const virtualServerProtocols: Rule = {
  id: 'upgrade/virtual-server-protocols',
  severity: 'info',
  summary: 'ssl_protocols of a server that is not the default one counts since 1.29.2',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    if (!model.whole || !atLeast(target.version, NAME_FIRST)) return;
    for (const { item, socket, default: first } of differingFromDefault(
      model,
      'ssl_protocols',
      target.version,
    ))
      report(item, `since ${NAME_FIRST} this counts; before, the default server of ${socket.name} decided`, {
        hint: 'clients that came through so far may be turned away, or older ones let in',
        related: { message: 'the default server', item: first.item },
      });
  },
};
