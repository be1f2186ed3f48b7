import { parseTime } from '../../../nginx/check/values.ts';
import { type Socket, Sockets } from '../../model/network/sockets.ts';
import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** Seconds, where the configuration does not say. */
const DEFAULT = 600;

export const streamTimeout: Rule = {
  id: 'reliability/stream-timeout',
  severity: 'warning',
  summary: 'idle TCP connections outlive the balancer in front',
  aliases: [],
  since: '0.1.0',
  options: {
    'nlb-idle': {
      default: 350,
      summary: 'seconds after which the Network Load Balancer forgets idle connections',
    },
  },
  check({ model, behind, number, report }) {
    if (behind !== 'nlb' && behind !== 'nlb-proxy') return;
    const idle = number('nlb-idle');
    const sockets = Sockets.of(model);
    const told = new Set<Item>();
    for (const server of sockets.servers('stream')) {
      const [pass] = server.own('proxy_pass');
      const [setting] = server.effective('proxy_timeout');
      if (!pass || (!setting && !model.whole)) continue;
      const time = setting ? parseTime(setting.directive.words[1]?.value ?? '', 'ms') : DEFAULT * 1000;
      if (time === undefined || time <= idle * 1000) continue;
      const open = sockets.listeners(server).find(({ socket }) => isForgotten(socket, idle));
      const item = setting ?? pass;
      if (!open || told.has(item)) continue;
      told.add(item);
      const seconds = time / 1000;
      report(
        item,
        `idle connections are kept for ${seconds} seconds, but the balancer forgets them after ${idle}`,
        {
          word: setting?.directive.words[1],
          hint: `write proxy_timeout ${idle - 10}s; or listen … so_keepalive=${Math.floor(idle / 2)}s::`,
          related: { message: 'the connections', item: open.item },
        },
      );
    }
  },
};

/** Whether nothing is sent over a connection while it is idle; keepalive probes would tell the balancer of it. */
function isForgotten({ udp, local, listeners }: Socket, idle: number): boolean {
  if (udp || local) return false;
  const probes = listeners
    .flatMap(({ parameters }) => parameters)
    .find((one) => one.startsWith('so_keepalive='));
  const value = probes?.slice('so_keepalive='.length) ?? 'off';
  if (value === 'off') return true;
  // when the first probe is sent is for the system to say
  const first = value === 'on' ? '' : value.split(':')[0]!;
  return first !== '' && (parseTime(first, 's') ?? 0) > idle;
}
