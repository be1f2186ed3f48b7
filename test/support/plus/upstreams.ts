import { isIP } from 'node:net';

/** A server as the API shows it, with keys in its order. */
export interface Peer {
  readonly id: number;
  server: string;
  weight: number;
  max_conns: number;
  max_fails: number;
  fail_timeout: string;
  slow_start: string;
  /** Of http alone. */
  route?: string;
  backup: boolean;
  down: boolean;
  /** Of http alone, and shown where it is so. */
  drain?: true;
}

/** An upstream of http or stream that is in shared memory. */
export interface Group {
  readonly module: 'http' | 'stream';
  readonly name: string;
  /** Null where it has none, so that it is static. */
  readonly zone: string | null;
  /** Whether its way of choosing servers knows backups. */
  readonly backups: boolean;
  peers: Peer[];
  next: number;
}

/** What is wrong with settings of a server. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, text: string) {
    super(text);
    this.status = status;
    this.code = code;
  }
}

export type Settings = Readonly<Record<string, unknown>>;

const NUMBERS = {
  weight: [1, 'UpstreamBadWeight'],
  max_conns: [0, 'UpstreamBadMaxConns'],
  max_fails: [0, 'UpstreamBadMaxFails'],
} as const;
const TIMES = { fail_timeout: 'UpstreamBadFailTimeout', slow_start: 'UpstreamBadSlowStart' } as const;

/** A server more, by the settings that the API takes. */
export function added(group: Group, settings: Settings): Peer {
  if (!('server' in settings)) throw new Refusal(400, 'UpstreamConfFormatError', 'missing "server" argument');
  const peer: Peer = {
    id: group.next,
    server: '',
    weight: 1,
    max_conns: 0,
    max_fails: 1,
    fail_timeout: '10s',
    slow_start: '0s',
    ...(group.module === 'http' ? { route: '' } : {}),
    backup: false,
    down: false,
  };
  const { backup, ...rest } = settings;
  if (backup !== undefined) peer.backup = flag('backup', backup);
  if (peer.backup && !group.backups)
    throw new Refusal(400, 'UpstreamNoBackup', `upstream "${group.name}" has no backup`);
  change(group, peer, rest);
  group.next++;
  group.peers.push(peer);
  return peer;
}

/** Changes a server, all of it or nothing; `id`, `backup` and `service` cannot be. */
export function change(group: Group, peer: Peer, settings: Settings): void {
  const next: Peer = { ...peer };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'object') throw new Refusal(400, 'UpstreamConfFormatError', 'nested object or list');
    if (name === 'server') next.server = addressOf(group, value);
    else if (name in NUMBERS) {
      const [least, code] = NUMBERS[name as keyof typeof NUMBERS];
      if (!Number.isInteger(value) || Number(value) < least)
        throw new Refusal(400, code, `invalid "${name}"`);
      next[name as keyof typeof NUMBERS] = Number(value);
    } else if (name in TIMES) {
      if (typeof value !== 'string' || !/^\d+(?:ms|[smhd])?$/u.test(value))
        throw new Refusal(400, TIMES[name as keyof typeof TIMES], `invalid "${name}"`);
      next[name as keyof typeof TIMES] = value;
    } else if (name === 'down') next.down = flag(name, value);
    else if (name === 'drain' && group.module === 'http') {
      const isOn = flag(name, value);
      delete next.drain;
      if (isOn) next.drain = true;
    } else throw new Refusal(400, 'UpstreamConfFormatError', `unknown parameter "${name}"`);
  }
  Object.assign(peer, next);
  if (!next.drain) delete peer.drain;
}

function flag(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new Refusal(400, 'UpstreamConfFormatError', `invalid "${name}" value`);
}

function addressOf({ module }: Group, value: unknown): string {
  const bad = (text: string): Refusal => new Refusal(400, 'UpstreamBadAddress', text);
  if (typeof value !== 'string') throw bad('invalid "server" argument');
  if (/^unix:\/[^:]+$/u.test(value)) return value;
  const [, host = '', port] = /^(\[.*\]|[^:[\]]+)(?::(\d+))?$/u.exec(value) ?? [];
  if (host === '' || Number(port ?? 80) > 65535 || port === '0')
    throw bad(`invalid port in upstream "${value}"`);
  if (isIP(host.replaceAll(/[[\]]/gu, '')) === 0)
    throw new Refusal(400, 'UpstreamConfNoResolver', 'no resolver defined to resolve');
  if (port === undefined && module === 'stream') throw bad(`no port in server "${value}"`);
  return port === undefined ? `${value}:80` : value;
}
