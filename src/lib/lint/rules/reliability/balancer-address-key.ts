import { Context, scopeOf } from '../../../nginx/directives/contexts.ts';
import { Sockets } from '../../model/network/sockets.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import { realIpOf } from '../../judgement/clients/real-ip.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';

const HINT = 'add set_real_ip_from with the networks of the balancer, and real_ip_header X-Forwarded-For;';

export const balancerAddressKey: Rule = {
  id: 'reliability/balancer-address-key',
  severity: 'warning',
  summary: 'something goes by the address of the client, which is that of the balancer',
  aliases: [],
  since: '0.1.0',
  check(context) {
    const { model, behind } = context;
    if (behind !== 'alb' || !model.whole) return;
    const sockets = Sockets.of(model);
    const isBlind = (block: Block): boolean => sockets.isPublic(block) && !seesClients(block);
    limits(context, isBlind);
    upstreams(context, isBlind);
    access(context, isBlind);
    if (sockets.servers('http').some((server) => sockets.isPublic(server) && !isBlind(server))) return;
    tables(context);
  },
};

/** Whether `$remote_addr` is taken from a header that the balancer, or what stands in front of it, writes. */
function seesClients(block: Block): boolean {
  const { trusted, source } = realIpOf(block);
  return trusted.length > 0 && source !== 'proxy_protocol' && source !== 'x-real-ip';
}

/** Whether a key is the address, alone or with what all clients have in common. */
function isAddress(item: Item, model: Model): boolean {
  const origins = model.variables
    .origins(item.directive.words[1]?.value ?? '', item)
    .map(({ variable }) => variable);
  const isShared = (name: string): boolean => /^(?:host|server_name|server_port|uri|scheme)$/u.test(name);
  return origins.some(isClient) && origins.every((name) => isClient(name) || isShared(name));
}

function isClient(name: string): boolean {
  return name === 'remote_addr' || name === 'binary_remote_addr';
}

function limits({ model, report }: RuleContext, isBlind: (block: Block) => boolean): void {
  const uses = new Map<string, Item>();
  for (const kind of ['limit_req', 'limit_conn'])
    for (const item of model.named(kind)) {
      const words = item.directive.words.slice(1).map(({ value }) => value);
      const zone =
        kind === 'limit_conn' ? words[0] : words.find((value) => value.startsWith('zone='))?.slice(5);
      if (scopeOf(item.block.context) === 'http' && isBlind(item.block)) uses.set(`${kind} ${zone}`, item);
    }
  for (const kind of ['limit_req', 'limit_conn'])
    for (const item of model.named(`${kind}_zone`)) {
      const zone = item.directive.words
        .find(({ value }) => value.startsWith('zone='))
        ?.value.slice(5)
        .split(':')[0];
      const use = uses.get(`${kind} ${zone}`);
      if (use && isAddress(item, model))
        report(item, 'all clients share one count: behind the balancer they have its address', {
          word: item.directive.words[1],
          hint: HINT,
          related: { message: 'the limit', item: use },
        });
    }
}

function upstreams({ model, report }: RuleContext, isBlind: (block: Block) => boolean): void {
  for (const { name, block, stream, users } of model.upstreams.values()) {
    if (stream || !users.some((user) => isBlind(user.block))) continue;
    const [hash] = block.own('hash');
    const method = block.own('ip_hash')[0] ?? (hash && isAddress(hash, model) ? hash : undefined);
    if (method)
      report(
        method,
        `${name} chooses by the address of the balancer: a few addresses, and not those of the clients`,
        { hint: HINT },
      );
  }
}

function access({ model, report }: RuleContext, isBlind: (block: Block) => boolean): void {
  const told = new Set<Block>();
  for (const kind of ['allow', 'deny'])
    for (const item of model.named(kind)) {
      const address = item.directive.words[1]?.value ?? 'all';
      if (told.has(item.block) || scopeOf(item.block.context) !== 'http' || !isBlind(item.block)) continue;
      // those are for this machine alone, and it does not come through the balancer
      if (/^(?:all|unix:|127\.|::1$|0\.0\.0\.0\/0$|::\/0$)/u.test(address)) continue;
      told.add(item.block);
      report(item, `${kind} looks at the address of the balancer, whoever the client is`, {
        word: item.directive.words[1],
        hint: HINT,
      });
    }
}

function tables({ model, report }: RuleContext): void {
  const split = model.named('split_clients').filter((item) => isAddress(item, model));
  const geo = model.named('geo').filter((item) => {
    const { words } = item.directive;
    const byAddress = words.length === 2 || isAddress(item, model);
    const rows = model.rows(item).map(({ directive }) => directive.name);
    return (
      byAddress &&
      !rows.includes('proxy') &&
      rows.some((row) => /^\d|:/u.test(row) && !/^127\.|^::1/u.test(row))
    );
  });
  for (const item of [...split, ...geo])
    if (item.block.context === Context.http)
      report(item, `${item.directive.name} looks at the address of the balancer, whoever the client is`, {
        hint: HINT,
      });
}
