import { atLeast } from '../../../nginx/version.ts';
import type { Rule } from '../../engine/rule.ts';
import { isTls, Sockets } from '../../model/network/sockets.ts';
import { defaultProtocols } from '../../judgement/tls/default-differences.ts';

export const oldDefaultProtocols: Rule = {
  id: 'tls/old-default-protocols',
  severity: 'info',
  summary: 'ssl_protocols is left to an NGINX that allows TLSv1 and TLSv1.1 by default',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    // in a part it may be set elsewhere
    if (!model.whole || atLeast(target.version, '1.27.3')) return;
    const open = Sockets.of(model).all.find(
      (socket) =>
        isTls(socket, target.version) && socket.default.server.effective('ssl_protocols').length === 0,
    );
    if (!open) return;
    const newest = defaultProtocols(target.version).includes('TLSv1.3') ? '' : ', and not TLSv1.3';
    report(
      open.default.item,
      `ssl_protocols is not set: NGINX ${target.version} then allows TLSv1 and TLSv1.1${newest}`,
      { hint: 'write ssl_protocols TLSv1.2 TLSv1.3; in http' },
    );
  },
};
