import { parseTime } from '../../../nginx/check/values.ts';
import { atLeast } from '../../../nginx/version.ts';
import type { Rule } from '../../engine/rule.ts';

/** The release from which on connections to servers are kept open without being told to. */
const BY_DEFAULT = '1.29.7';
const DEFAULT_SECONDS = 60;

export const upstreamKeepaliveTimeout: Rule = {
  id: 'reliability/upstream-keepalive-timeout',
  severity: 'info',
  summary: 'connections to servers are kept longer than the servers keep them',
  aliases: [],
  since: '0.1.0',
  options: {
    'servers-keep': {
      default: 75,
      summary: 'seconds after which the servers close a connection that nothing is sent on',
    },
  },
  check({ model, target, number, report }) {
    const theirs = number('servers-keep');
    for (const { name, item, block, stream } of model.upstreams.values()) {
      if (stream) continue;
      const [keepalive] = block.own('keepalive');
      const connections = keepalive?.directive.words[1]?.value;
      if (connections === '0' || (!keepalive && !atLeast(target.version, BY_DEFAULT))) continue;
      const [timeout] = block.own('keepalive_timeout');
      const text = timeout ? timeout.directive.words[1]?.value : `${DEFAULT_SECONDS}s`;
      const ours = parseTime(text ?? '', 'ms');
      if (ours === undefined || ours < theirs * 1000) continue;
      report(timeout ?? keepalive ?? item, `${name} keeps idle connections ${text}, its servers ${theirs}s`, {
        hint: `a request that is sent while the server closes is lost; write keepalive_timeout with less than ${theirs}s`,
      });
    }
  },
};
