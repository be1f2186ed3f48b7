import { parseNumber } from '../../../nginx/check/values.ts';
import type { Rule } from '../../engine/rule.ts';
import { PASSES } from '../../model/network/upstreams.ts';

/** What systemd and shells let a process open, where nobody has said otherwise. */
const USUAL_FILES = 1024;
const DEFAULT_CONNECTIONS = 512;

export const workerConnections: Rule = {
  id: 'reliability/worker-connections',
  severity: 'info',
  summary: 'the number of connections of a worker does not go with the rest',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const [setting] = model.named('worker_connections');
    const at = setting ?? model.named('events')[0];
    const word = setting?.directive.words[1];
    const connections = setting ? parseNumber(word?.value ?? '') : DEFAULT_CONNECTIONS;
    if (!at || connections === undefined || !model.whole) return;
    const pass = PASSES.flatMap((name) => model.named(name))[0];
    if (connections > USUAL_FILES && model.named('worker_rlimit_nofile').length === 0)
      report(
        at,
        `${connections} connections need as many open files, and often only ${USUAL_FILES} are allowed`,
        {
          word,
          hint: `add worker_rlimit_nofile ${connections * 2}; at the top of the file`,
        },
      );
    if (connections <= DEFAULT_CONNECTIONS && pass)
      report(
        at,
        `${connections} connections serve ${Math.floor(connections / 2)} clients of a worker: each takes two`,
        {
          word,
          hint: 'worker_connections counts those to servers, too; 4096 cost little memory',
        },
      );
    for (const { block, name } of model.upstreams.values()) {
      const [keepalive] = block.own('keepalive');
      const kept = parseNumber(keepalive?.directive.words[1]?.value ?? '');
      if (!keepalive || kept === undefined || kept < connections) continue;
      report(
        keepalive,
        `a worker may keep ${kept} idle connections to ${name}, but has ${connections} in all`,
        {
          word: keepalive.directive.words[1],
          hint: 'a few dozen are enough: more requests at once open connections of their own',
        },
      );
    }
  },
};
