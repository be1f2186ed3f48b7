import { hasNativeSticky, tlsName, upstreamsOf } from '../balancer/upstreams.ts';
import type { Path, Upstream } from '../balancer/schema/balancer.ts';
import { block, type Built, comment, directive, type Word } from '../nginx/build.ts';
import { assetPath, type Context } from './context.ts';
import type { ProxyPrefix } from './policies.ts';
import { template } from './text.ts';
import { stickyVariable } from './upstreams.ts';

/** Where the requests of a path go. */
export interface Destination {
  readonly prefix: ProxyPrefix;
  /** Address for proxy_pass or grpc_pass. */
  readonly address: Word;
  /** How the servers are spoken to, if by TLS. */
  readonly tls: readonly Built[];
  /** Set-Cookie values of cookie-hashed upstreams. */
  readonly cookies: readonly string[];
}

/** Destination of a path with an upstream or a split; its exceptions become maps beside the server block. */
export function destinationOf(context: Context, path: Path, id: string): Destination {
  const names = upstreamsOf(path);
  const upstream = context.balancer.upstreams[names[0]!]!;
  const prefix = upstream.protocol === 'grpc' ? 'grpc' : 'proxy';
  return {
    prefix,
    address: `${scheme(upstream)}://${choice(context, path, id)}`,
    tls: serverTls(context, prefix, upstream),
    cookies: names.flatMap((name) => stickyCookie(context, name)),
  };
}

/** `http://name` of one upstream, and its TLS. */
export function plainDestination(context: Context, name: string): Destination {
  return destinationOf(context, { upstream: name, websocket: false }, '');
}

function scheme({ protocol, tls }: Upstream): string {
  return `${protocol}${tls === false ? '' : 's'}`;
}

/** An upstream's name, or the variable that holds it where the request decides. */
function choice(context: Context, { upstream, split, when }: Path, id: string): string {
  let chosen = upstream ?? '';
  if (split) {
    chosen = `$split_${id}`;
    context.beside.push(
      block('split_clients', [template(context, split.key), chosen], shares(split.upstreams)),
    );
  }
  if (!when) return chosen;
  // from the last to the first: a map that does not match leads on to the next
  for (const [index, condition] of [...when.entries()].toReversed()) {
    const tests = testsOf(condition).toReversed();
    const otherwise = chosen;
    let then = condition.upstream;
    for (const [place, { variable, keys }] of tests.entries()) {
      const last = place === tests.length - 1;
      const name = `$upstream_${id}_${index + 1}${last ? '' : `_${tests.length - place}`}`;
      if (index === 0 && last)
        context.beside.push(comment('Exceptions: the first whose conditions all hold decides.'));
      context.beside.push(
        block(
          'map',
          [variable, name],
          [...keys.map((key) => directive(key, then)), directive('default', otherwise)],
        ),
      );
      then = name;
    }
    chosen = then;
  }
  return chosen;
}

/** Percentages with two decimals; the last takes the rest, so that they add up. */
function shares(upstreams: Readonly<Record<string, number>>): Built[] {
  const entries = Object.entries(upstreams);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  return entries.map(([name, weight], index) => {
    const share =
      index === entries.length - 1 ? '*' : `${((weight / total) * 100).toFixed(2).replace(/\.?0+$/u, '')}%`;
    return directive(share, name);
  });
}

interface Test {
  readonly variable: string;
  readonly keys: readonly string[];
}

function testsOf({ header, cookie, method }: NonNullable<Path['when']>[number]): Test[] {
  return [
    ...(method ? [{ variable: '$request_method', keys: method }] : []),
    ...Object.entries(header ?? {}).map(([name, value]) => ({
      variable: `$http_${name.toLowerCase().replaceAll('-', '_')}`,
      keys: [mapKey(value)],
    })),
    ...Object.entries(cookie ?? {}).map(([name, value]) => ({
      variable: `$cookie_${name}`,
      keys: [mapKey(value)],
    })),
  ];
}

/** A value as a key of `map`: `*` is anything but nothing, and words that mean something to `map` are escaped. */
function mapKey(value: string): string {
  if (value === '*') return '~.';
  return /^(?:[~\\]|(?:default|include|hostnames|volatile)$)/u.test(value) ? `\\${value}` : value;
}

function serverTls(context: Context, prefix: ProxyPrefix, upstream: Upstream): Built[] {
  const { tls } = upstream;
  if (tls === false) return [];
  const name = tlsName(upstream);
  return [
    ...(name === undefined
      ? []
      : [directive(`${prefix}_ssl_server_name`, 'on'), directive(`${prefix}_ssl_name`, name)]),
    ...(tls.verify
      ? [
          directive(`${prefix}_ssl_verify`, 'on'),
          directive(`${prefix}_ssl_verify_depth`, 3),
          directive(
            `${prefix}_ssl_trusted_certificate`,
            tls.ca === undefined ? context.layout.systemCa : assetPath(context, 'tls', tls.ca, false),
          ),
        ]
      : []),
    ...(tls.certificate !== undefined && tls.key !== undefined
      ? [
          directive(`${prefix}_ssl_certificate`, assetPath(context, 'tls', tls.certificate, false)),
          directive(`${prefix}_ssl_certificate_key`, assetPath(context, 'tls', tls.key, true)),
        ]
      : []),
  ];
}

/** The cookie that makes a client stick to the server of its first request; sent again each time, which renews it. */
function stickyCookie(context: Context, name: string): string[] {
  const { sticky } = context.balancer.upstreams[name]!;
  if (!sticky || hasNativeSticky(context.balancer.nginx)) return [];
  const age = sticky.expires === undefined ? '' : `; Max-Age=${seconds(sticky.expires)}`;
  const domain = sticky.domain === undefined ? '' : `; Domain=${sticky.domain}`;
  return [
    `${sticky.cookie}=$${stickyVariable(name)}; Path=${sticky.path}${domain}${age}; HttpOnly; SameSite=Lax${sticky.secure ? '; Secure' : ''}`,
  ];
}

const SECONDS: Readonly<Record<string, number>> = { w: 604800, d: 86400, h: 3600, m: 60, s: 1, ms: 0.001 };

function seconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)(ms|[wdhms])/gu)];
  return Math.ceil(parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * SECONDS[unit!]!, 0));
}
