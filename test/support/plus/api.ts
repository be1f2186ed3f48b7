import { added, change, type Group, Refusal, type Settings } from './upstreams.ts';

/** A request to the API, and what it answers. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Whether servers have changed. */
  readonly changed: boolean;
}

/** How this one is not as usual, for tests. */
export interface Faults {
  readonly versions?: readonly number[];
  /** `api` without `write=on`. */
  readonly readOnly?: boolean;
  /** Answered instead to requests of a method, once so many of them have come. */
  readonly instead?: {
    readonly method: string;
    readonly status: number;
    readonly body: string;
    readonly after?: number;
  };
  /** It says that it has made changes, and makes none. */
  readonly idle?: boolean;
  /** It closes connections and says nothing, on requests of a method. */
  readonly silent?: string;
}

const VERSIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * The API of NGINX Plus as far as upstreams go, after https://nginx.org/en/docs/http/ngx_http_api_module.html: paths,
 * methods, settings, versions and errors. It takes nothing that is not written there.
 * @param active connections that are in use to a server.
 */
export function answer(
  groups: readonly Group[],
  asked: Asked,
  { versions = VERSIONS, readOnly = false }: Faults,
  active: (server: string) => number,
): Answer {
  const whole = (status: number, value: unknown, changed = false): Answer => ({
    status,
    body: JSON.stringify(value),
    changed,
  });
  try {
    const { method } = asked;
    const { pathname, search } = new URL(asked.url, 'http://localhost');
    if (search !== '') throw new Refusal(400, 'InvalidArguments', 'no arguments are known here');
    const [, api, version, ...rest] = pathname.split('/');
    if (api !== 'api') throw notFound();
    if (version === undefined || (version === '' && rest.length === 0)) {
      only(method, ['GET']);
      return whole(200, versions);
    }
    if (!/^\d+$/u.test(version) || !versions.includes(Number(version)))
      throw new Refusal(404, 'UnknownVersion', 'unknown version');
    // one slash at the end may be there or not
    const parts = rest.at(-1) === '' ? rest.slice(0, -1) : rest;
    const [module, upstreams, name, servers, id, ...more] = parts;
    if ((module !== 'http' && module !== 'stream') || upstreams !== 'upstreams' || more.length > 0)
      throw notFound();
    const own = groups.filter((group) => group.module === module);
    const writes = method === 'POST' || method === 'PATCH' || method === 'DELETE';
    if (writes && readOnly) throw new Refusal(405, 'MethodDisabled', 'method disabled');
    if (name === undefined) {
      only(method, ['GET']);
      const shown = own.filter(({ zone }) => zone !== null);
      return whole(200, Object.fromEntries(shown.map((group) => [group.name, statusOf(group, active)])));
    }
    const group = own.find((other) => other.name === name);
    if (!group) throw new Refusal(404, 'UpstreamNotFound', 'upstream not found');
    if (group.zone === null) throw new Refusal(400, 'UpstreamStatic', 'upstream is static');
    if (servers === undefined) {
      only(method, ['GET']);
      return whole(200, statusOf(group, active));
    }
    if (servers !== 'servers') throw notFound();
    if (id === undefined) {
      only(method, ['GET', 'POST']);
      if (method === 'GET') return whole(200, group.peers);
      return whole(201, added(group, checked(asked.body, Number(version))), true);
    }
    only(method, ['GET', 'PATCH', 'DELETE']);
    if (!/^\d+$/u.test(id)) throw new Refusal(400, 'UpstreamBadServerId', 'invalid server ID');
    const peer = group.peers.find((other) => other.id === Number(id));
    if (!peer) throw new Refusal(404, 'UpstreamServerNotFound', `server with ID "${id}" does not exist`);
    if (method === 'GET') return whole(200, peer);
    if (method === 'DELETE') {
      group.peers = group.peers.filter((other) => other !== peer);
      return whole(200, group.peers, true);
    }
    change(group, peer, checked(asked.body, Number(version)));
    return whole(200, peer, true);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message } = error;
    return whole(status, {
      error: { status, text: message, code },
      request_id: '0123456789abcdef0123456789abcdef',
      href: 'https://nginx.org/en/docs/http/ngx_http_api_module.html',
    });
  }
}

function notFound(): Refusal {
  return new Refusal(404, 'PathNotFound', 'path not found');
}

function only(method: string, known: readonly string[]): void {
  if (!known.includes(method)) throw new Refusal(405, 'MethodNotSupported', 'method not supported');
}

function checked(body: string, version: number): Settings {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal(415, 'JsonError', 'JSON error');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(415, 'JsonError', 'JSON error');
  if ('drain' in value && version < 2)
    throw new Refusal(400, 'UpstreamConfFormatError', 'unknown parameter "drain"');
  return value as Settings;
}

/** What is told of an upstream at work; figures that nobody asks for here are left out. */
function statusOf({ peers, zone }: Group, active: (server: string) => number): unknown {
  return {
    peers: peers.map(({ id, server, backup, weight, down, drain }) => ({
      id,
      server,
      name: server,
      backup,
      weight,
      state: down ? 'down' : drain ? 'draining' : 'up',
      active: active(server),
    })),
    keepalive: 0,
    zombies: 0,
    zone,
  };
}
