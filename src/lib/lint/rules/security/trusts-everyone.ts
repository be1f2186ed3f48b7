import { scopeOf } from '../../../nginx/directives/contexts.ts';
import { Sockets } from '../../model/network/sockets.ts';
import type { Block, Model } from '../../model/model.ts';
import { believesEveryone, type RealIp, realIpOf } from '../../judgement/clients/real-ip.ts';
import type { Behind, Rule } from '../../engine/rule.ts';

export const trustsEveryone: Rule = {
  id: 'security/trusts-everyone',
  severity: 'warning',
  summary: 'any client may say in a header which address it has',
  aliases: [],
  since: '0.1.0',
  check({ model, behind, report }) {
    for (const block of believing(model)) {
      const line = believesEveryone(block.own('set_real_ip_from'))!;
      const realIp = realIpOf(block);
      const { source, header } = realIp;
      // in a part the header may be named elsewhere
      if (source === 'proxy_protocol' || (!header && !model.whole) || isHeld(realIp, behind)) continue;
      report(
        line,
        `everyone is believed: who asks writes an address of its choice into ${header?.directive.words[1]?.value ?? 'X-Real-IP'}`,
        {
          word: line.directive.words[1],
          hint: 'name the networks of what stands in front: limits, allow, deny and logs go by this address',
          related: header ? { message: 'the header', item: header } : undefined,
        },
      );
    }
  },
};

/** Blocks of http that believe everyone, and that others than this machine reach. */
function believing(model: Model): Block[] {
  if (model.named('set_real_ip_from').length === 0) return [];
  const sockets = Sockets.of(model);
  const blocks = new Set(model.named('set_real_ip_from').map(({ block }) => block));
  const servers = sockets.servers('http');
  return [...blocks].filter((block) => {
    if (scopeOf(block.context) !== 'http' || !believesEveryone(block.own('set_real_ip_from'))) return false;
    if (block.server) return sockets.isPublic(block);
    return servers.length === 0 || servers.some((server) => sockets.isPublic(server));
  });
}

/** An Application Load Balancer adds the address it sees, and it is the last one that counts. */
function isHeld({ source, recursive }: RealIp, behind: Behind | undefined): boolean {
  return behind === 'alb' && source === 'x-forwarded-for' && !recursive;
}
