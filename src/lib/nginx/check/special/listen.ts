import { Context } from '../../directives/contexts.ts';
import { atLeast } from '../../version.ts';
import { parseAddress, type Address } from '../address.ts';
import { shown } from '../forms.ts';
import type { Listener } from '../names.ts';
import { readParameters, type Parameters } from '../parameters.ts';
import { parseNumber, parseSize, parseTime } from '../values.ts';
import type { Check, Visit } from '../visit.ts';

const isNumber = (value: string): boolean => parseNumber(value) !== undefined;
const isSize = (value: string): boolean => parseSize(value) !== undefined;

const SOCKET: Parameters = {
  bind: true,
  'backlog=': (value) => Boolean(parseNumber(value)),
  'rcvbuf=': isSize,
  'sndbuf=': isSize,
  'ipv6only=': (value) => value === 'on' || value === 'off',
  'so_keepalive=': isKeepalive,
  ssl: true,
  proxy_protocol: true,
};

const HTTP: Parameters = {
  ...SOCKET,
  default_server: true,
  default: true,
  'fastopen=': isNumber,
  'accept_filter=': () => true,
  deferred: true,
  reuseport: true,
  http2: true,
};

const STREAM: Parameters = { ...SOCKET, udp: true, 'fastopen=': isNumber, reuseport: true };

/** Parameters of the socket, which only one `listen` of an address may give. */
const OPTIONS =
  /^(?:bind|setfib|fastopen|backlog|rcvbuf|sndbuf|accept_filter|deferred|ipv6only|reuseport|so_keepalive|multipath)$/u;

function allowed(visit: Visit): Parameters {
  const { version } = visit.target;
  const multipath: Parameters = atLeast(version, '1.29.7') ? { multipath: true } : {};
  if (visit.scope === 'mail') return { ...SOCKET, ...multipath };
  if (visit.scope === 'stream') {
    const names: Parameters = atLeast(version, '1.25.5')
      ? { default_server: true, deferred: true, 'accept_filter=': () => true }
      : {};
    return { ...STREAM, ...names, ...multipath };
  }
  return atLeast(version, '1.25.0') ? { ...HTTP, ...multipath, quic: true } : HTTP;
}

function isKeepalive(value: string): boolean {
  if (value === 'on' || value === 'off') return true;
  const [idle = '', interval = '', ...rest] = value.split(':');
  const count = rest.join(':');
  const times = [idle, interval].map((text) => (text === '' ? 0 : parseTime(text, 's')));
  const tries = count === '' ? 0 : parseNumber(count);
  if (tries === undefined || times.includes(undefined)) return false;
  return tries !== 0 || times.some((time) => time !== 0);
}

export const listen: Check = (visit) => {
  const word = visit.words[1]!;
  const address = parseAddress(word.value, { listen: true });
  visit.level.add('listen', visit.site);
  if ('problem' in address) {
    visit.fault('syntax/listen', `${shown(word)} is no address to listen on: ${address.problem}`, word, {
      hint: 'write a port, address:port, [IPv6]:port or unix:path',
    });
    return;
  }
  const found = readParameters(visit, 2, allowed(visit));
  if (!found) return;
  if (found.has('ssl')) visit.level.add('listen ssl', visit.site);
  if (visit.scope === 'stream' && found.has('udp')) {
    const clash = ['backlog', 'ssl', 'so_keepalive', 'proxy_protocol', 'fastopen'].find((name) =>
      found.has(name),
    );
    if (clash !== undefined)
      return visit.fault('syntax/listen', `${clash} and udp exclude each other`, wordOf(visit, clash));
  }
  const unlike = found.has('quic')
    ? ['ssl', 'http2', 'proxy_protocol'].find((name) => found.has(name))
    : undefined;
  if (unlike !== undefined)
    return visit.fault('syntax/listen', `${unlike} and quic exclude each other`, wordOf(visit, unlike), {
      hint: unlike === 'proxy_protocol' ? undefined : `give ${unlike} to a second listen without quic`,
    });
  // a name stands for addresses that only the machine knows
  if (address.family === 'name') return;
  for (const key of keysOf(address, found.has('udp') || found.has('quic'))) register(visit, key, found);
};

function wordOf(visit: Visit, name: string): Visit['words'][number] {
  return visit.words.find(({ value }) => value === name || value.startsWith(`${name}=`))!;
}

function* keysOf(address: Exclude<Address, { problem: string }>, udp: boolean): Generator<string> {
  const kind = udp ? 'udp ' : '';
  if (address.family === 'unix') {
    yield `${kind}unix:${address.host}`;
    return;
  }
  const first = address.port ?? 80;
  // that many sockets are not compared one by one
  if ((address.lastPort ?? first) - first > 1000) return;
  const host = address.family === 'inet6' ? `[${address.host}]` : address.host;
  for (let port = first; port <= (address.lastPort ?? first); port++) yield `${kind}${host}:${port}`;
}

function register(visit: Visit, key: string, found: ReadonlyMap<string, string>): void {
  const { listeners } = visit.here;
  const word = visit.words[1]!;
  const { level, site } = visit;
  const own = [...found.keys()].some((name) => OPTIONS.test(name));
  const isDefault = found.has('default_server') || found.has('default');
  const listener = listeners.get(key);
  if (!listener) {
    listeners.set(key, newListener(visit, own, isDefault));
    return;
  }
  const names =
    visit.scope === 'http' || (visit.scope === 'stream' && atLeast(visit.target.version, '1.25.5'));
  if (!names || listener.servers.has(level)) {
    visit.fault(
      'syntax/listen',
      `there are two listens on ${key}${names ? ' in the same server' : ''}`,
      word,
      {
        related: { message: 'the first one', site: listener.site },
      },
    );
    return;
  }
  listener.servers.add(level);
  if (found.has('ssl') || found.has('quic')) listener.ssl = true;
  if (own && listener.options) {
    visit.fault('syntax/listen', `options of the socket ${key} are given twice`, word, {
      hint: 'give bind, backlog, reuseport and their like at one of the listens of an address',
      related: { message: 'the first ones', site: listener.options },
    });
    return;
  }
  if (own) listener.options = site;
  if (isDefault && listener.default) {
    visit.fault('syntax/listen', `${key} has two default servers`, defaultWord(visit), {
      hint: 'leave default_server at one of them',
      related: { message: 'the first one', site: listener.default },
    });
    return;
  }
  if (isDefault) {
    listener.default = site;
    listener.defaultServer = level;
  }
}

function newListener(visit: Visit, own: boolean, isDefault: boolean): Listener {
  const { level, site } = visit;
  return {
    site,
    word: visit.words[1]!,
    servers: new Set([level]),
    options: own ? site : undefined,
    default: isDefault ? site : undefined,
    defaultServer: level,
    ssl: visit.words.some(({ value }) => value === 'ssl' || value === 'quic'),
  };
}

/** A server without `listen` listens on port 80. */
export function implicitListen(visit: Visit): void {
  if (visit.level.context !== Context.server || visit.level.own('listen')) return;
  const { listeners } = visit.here;
  const before = listeners.get('0.0.0.0:80');
  if (before) before.servers.add(visit.level);
  else listeners.set('0.0.0.0:80', newListener(visit, false, false));
}

function defaultWord(visit: Visit): Visit['words'][number] {
  return visit.words.find(({ value }) => value === 'default_server' || value === 'default')!;
}
