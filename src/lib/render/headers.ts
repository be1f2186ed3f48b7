import type { Policies } from '../balancer/effective.ts';
import type { Path } from '../balancer/schema/balancer.ts';
import { type Built, directive } from '../nginx/build.ts';
import type { Context } from './context.ts';
import type { ProxyPrefix } from './policies.ts';
import { template } from './text.ts';

/**
 * What every server is told about the client. X-Forwarded-For is replaced, not appended to: nothing that a client
 * sends there can be believed.
 */
function standard({ scheme }: Context): Record<string, string> {
  return {
    Host: '$host',
    'X-Real-IP': '$remote_addr',
    'X-Forwarded-For': '$remote_addr',
    'X-Forwarded-Proto': `$${scheme}`,
    'X-Forwarded-Host': '$host',
    'X-Request-ID': '$request_id',
  };
}

/** The headers set for all requests; NGINX keeps them where a location sets none of its own. */
export function standardHeaders(context: Context, prefix: ProxyPrefix): Built[] {
  const connection =
    prefix === 'proxy' && !context.has('1.29.7') ? [directive('proxy_set_header', 'Connection', '')] : [];
  return [
    ...Object.entries(standard(context)).map(([name, value]) =>
      directive(`${prefix}_set_header`, name, value),
    ),
    ...connection,
  ];
}

/** All headers of a location that sets some of its own, as one such line makes NGINX forget those from above. */
export function requestHeaders(
  context: Context,
  prefix: ProxyPrefix,
  policies: Policies,
  path: Path,
): Built[] {
  const own = Object.entries(policies.request_headers ?? {});
  if (own.length === 0 && !path.websocket) return [];
  const headers = new Map(
    Object.entries(standard(context)).map(([name, value]) => [name.toLowerCase(), { name, value }]),
  );
  if (path.websocket) {
    context.shared.add('upgrade');
    headers.set('upgrade', { name: 'Upgrade', value: '$lbctl_upgrade' });
    headers.set('connection', { name: 'Connection', value: '$lbctl_connection' });
  } else if (prefix === 'proxy' && !context.has('1.29.7')) {
    headers.set('connection', { name: 'Connection', value: '' });
  }
  for (const [name, value] of own) headers.set(name.toLowerCase(), { name, value: template(context, value) });
  return [...headers.values()].map(({ name, value }) => directive(`${prefix}_set_header`, name, value));
}
