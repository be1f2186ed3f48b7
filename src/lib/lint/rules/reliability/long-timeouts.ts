import { parseTime } from '../../../nginx/check/values.ts';
import { Context } from '../../../nginx/directives/contexts.ts';
import type { Rule } from '../../engine/rule.ts';

const TO_SERVERS = ['proxy', 'fastcgi', 'uwsgi', 'scgi', 'grpc', 'memcached'];
const WAITS = [
  ...TO_SERVERS.flatMap((kind) => [`${kind}_read_timeout`, `${kind}_send_timeout`]),
  'client_body_timeout',
  'client_header_timeout',
  'send_timeout',
];
const CONNECTS = TO_SERVERS.map((kind) => `${kind}_connect_timeout`);

const HOUR = 3_600_000;
/** Kernels give up by themselves after about so long. */
const LONGEST_CONNECT = 75_000;

export const longTimeouts: Rule = {
  id: 'reliability/long-timeouts',
  severity: 'info',
  summary: 'a server that hangs, or a client, is waited for very long',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of [...CONNECTS, ...WAITS].flatMap((name) => model.named(name))) {
      const { name, words } = item.directive;
      const connect = CONNECTS.includes(name);
      const time = parseTime(words[1]?.value ?? '', 'ms');
      if (time === undefined) continue;
      const { context } = item.block;
      if (connect && time > LONGEST_CONNECT)
        report(item, `${name} has no effect beyond 75 seconds: connecting is given up by then`, {
          word: words[1],
          hint: 'a few seconds find out sooner that a server is gone, and another is tried',
        });
      else if (!connect && time >= HOUR && (context === Context.http || context === Context.server))
        report(item, `${name} is ${words[1]!.value} for all: whoever hangs keeps a connection that long`, {
          word: words[1],
          hint: 'set it in the locations that need it, such as those of WebSockets',
        });
    }
  },
};
