import type { Rule } from '../../engine/rule.ts';
import { outcomeOf, type Outcome } from '../../judgement/health-check.ts';
import { Sockets } from '../../model/network/sockets.ts';
import { placeOf } from '../../model/requests/locations.ts';

/** Paths that are there for health checks. */
const OBVIOUS = /^\/(?:_|nginx[-_]|(?:e?lb|alb)[-_])?(?:health(?:z|[-_]?check)?|livez?|ready?z?|ping)$/u;

export const healthCheckPath: Rule = {
  id: 'reliability/health-check-path',
  severity: 'warning',
  summary: 'health checks of the balancer do not get the answer that is meant for them',
  aliases: [],
  since: '0.1.0',
  options: {
    paths: {
      default: [],
      summary:
        'paths that the balancer asks for; without them those that look like it behind an Application Load Balancer',
    },
  },
  check({ model, behind, list, report }) {
    if (!model.whole) return;
    const sockets = Sockets.of(model);
    const open = sockets.all.filter(({ stream, local, udp }) => !stream && !local && !udp);
    const outcomes = new Map<string, Outcome[]>(list('paths').map((path) => [path, []]));
    for (const socket of open) {
      const paths = new Set(list('paths'));
      if (behind === 'alb' && paths.size === 0)
        for (const { server } of socket.listeners)
          for (const item of server.own('location')) {
            const place = placeOf(item);
            if ((place?.kind === 'exact' || place?.kind === 'prefix') && OBVIOUS.test(place.name))
              paths.add(place.name);
          }
      for (const path of paths) {
        const outcome = outcomeOf(socket.default, path, { model, behind });
        const known = outcomes.get(path);
        if (known) known.push(outcome);
        else outcomes.set(path, [outcome]);
      }
    }
    for (const [path, all] of outcomes) {
      // one port that answers is enough, as the balancer can be told to ask there
      const [first] = all;
      if (first && first !== 'answered' && !all.includes('answered'))
        report(first.item, `health checks of ${path} ${first.message}`, { hint: first.hint });
    }
  },
};
