import { atLeast } from '../../../nginx/version.ts';
import type { Rule } from '../../engine/rule.ts';

/** What takes their place, since 1.19.7. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  http2_recv_timeout: 'client_header_timeout',
  http2_idle_timeout: 'keepalive_timeout',
  http2_max_requests: 'keepalive_requests',
  http2_max_field_size: 'large_client_header_buffers',
  http2_max_header_size: 'large_client_header_buffers',
};

export const http2Limits: Rule = {
  id: 'upgrade/http2-limits',
  severity: 'warning',
  summary: 'a limit of HTTP/2 that does nothing since 1.19.7',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    if (!atLeast(target.version, '1.19.7')) return;
    for (const [name, successor] of Object.entries(SUCCESSORS))
      for (const item of model.named(name))
        report(item, `${name} does nothing since 1.19.7: ${successor} is for HTTP/2, too`, {
          hint: `set ${successor} if it matters, and take this out`,
        });
  },
};
