import type { Server, Upstream } from '../balancer/schema/balancer.ts';
import { hasNativeSticky } from '../balancer/upstreams.ts';
import {
  block,
  type Built,
  type BuiltStatement,
  comment,
  directive,
  from,
  groups,
  type Word,
} from '../nginx/build.ts';
import type { Context } from './context.ts';
import { parseSnippet } from './snippet.ts';
import { template } from './text.ts';

/** NGINX's own default, which is not repeated. */
const DEFAULT_KEEPALIVE = { requests: 1000, timeout: '60s' };

/** The upstream block of a pool, for the http or the stream module; `shared` statements stand in front of it. */
export function renderUpstream(
  context: Context,
  name: string,
  upstream: Upstream,
  module: 'http' | 'stream',
): BuiltStatement[] {
  const sticky =
    module === 'http' ? stickiness(context, name, upstream) : { before: [], inside: [], method: undefined };
  const statements = groups(
    [directive('zone', module === 'http' ? name : `stream_${name}`, upstream.zone)],
    sticky.method ? [sticky.method] : method(context, upstream),
    upstream.servers.flatMap((server, index) =>
      from(['upstreams', name, 'servers', index], [serverLine(context, upstream, server, module)]),
    ),
    sticky.inside,
    module === 'http' ? keepalive(context, upstream) : [],
    parseSnippet(upstream.snippet, ['upstreams', name, 'snippet']),
  );
  return from(['upstreams', name], groups(sticky.before, [block('upstream', [name], compact(statements))]));
}

/** The zone stands directly above the method: both are about how a server is chosen. */
function compact(statements: readonly BuiltStatement[]): BuiltStatement[] {
  return statements.filter((statement, index) => !(statement.kind === 'blank' && index === 1));
}

function method(context: Context, { balance, protocol }: Upstream): Built[] {
  if (typeof balance === 'object') {
    return [
      directive('hash', template(context, balance.hash), ...(balance.consistent ? ['consistent'] : [])),
    ];
  }
  if (balance === 'round_robin') return [];
  if (balance === 'random') return [directive('random', 'two', 'least_conn')];
  if (balance === 'least_time')
    return [directive('least_time', protocol === 'grpc' ? 'last_byte' : 'header')];
  return [directive(balance)];
}

function serverLine(
  { plus }: Context,
  { health, servers }: Upstream,
  server: Server,
  module: 'http' | 'stream',
): Built {
  const args: Word[] = [server.address];
  const option = (name: string, value: string | number | undefined, byDefault?: string | number) => {
    if (value !== undefined && value !== byDefault) args.push(`${name}=${value}`);
  };
  const flag = (name: string, on: boolean | undefined) => {
    if (on) args.push(name);
  };
  option('weight', server.weight, 1);
  option('max_conns', server.max_conns);
  // the only server is never rested, so the numbers would say nothing
  if (servers.length > 1) {
    option('max_fails', server.max_fails ?? health.max_fails, 1);
    option('fail_timeout', server.fail_timeout ?? health.fail_timeout, '10s');
  }
  option('slow_start', server.slow_start);
  flag('resolve', server.resolve);
  flag('backup', server.backup);
  flag(server.drained ? drainFlag(plus, module) : 'down', server.down);
  return directive('server', ...args);
}

/** How NGINX is told to give a server no new clients: NGINX Plus goes on with those that are bound to it by a cookie. */
export function drainFlag(plus: boolean, module: 'http' | 'stream'): 'drain' | 'down' {
  return plus && module === 'http' ? 'drain' : 'down';
}

function keepalive(context: Context, { keepalive: given }: Upstream): Built[] {
  if (given === false) return context.has('1.29.7') ? [directive('keepalive', 0)] : [];
  const requestsByDefault = context.has('1.19.10') ? DEFAULT_KEEPALIVE.requests : 100;
  return [
    directive('keepalive', given.connections),
    ...(given.requests === requestsByDefault ? [] : [directive('keepalive_requests', given.requests)]),
    ...(given.timeout === DEFAULT_KEEPALIVE.timeout ? [] : [directive('keepalive_timeout', given.timeout)]),
  ];
}

/** Name of the variable that holds the key of a cookie-hashed upstream, without the dollar sign. */
export function stickyVariable(name: string): string {
  return `sticky_${name.replaceAll('-', '_')}`;
}

function stickiness(
  context: Context,
  name: string,
  { sticky }: Upstream,
): { before: BuiltStatement[]; inside: Built[]; method: Built | undefined } {
  if (!sticky) return { before: [], inside: [], method: undefined };
  if (hasNativeSticky(context.balancer.nginx)) {
    const args = [sticky.cookie, ...(sticky.expires === undefined ? [] : [`expires=${sticky.expires}`])];
    if (sticky.domain !== undefined) args.push(`domain=${sticky.domain}`);
    args.push('httponly', ...(sticky.secure ? ['secure'] : []), `path=${sticky.path}`);
    return { before: [], inside: [directive('sticky', 'cookie', ...args)], method: undefined };
  }
  const key = `$${stickyVariable(name)}`;
  return {
    before: [
      comment(
        `Sticky sessions: the cookie ${sticky.cookie} is the key of a consistent hash; a new client gets a random one.`,
      ),
      block(
        'map',
        [`$cookie_${sticky.cookie}`, key],
        [directive('', '$request_id'), directive('default', `$cookie_${sticky.cookie}`)],
      ),
    ],
    inside: [],
    method: directive('hash', key, 'consistent'),
  };
}
