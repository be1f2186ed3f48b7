import { parseAddress } from '../nginx/check/address.ts';
import type { Block, Item } from './model.ts';

/** An address that a server listens on. */
export interface ListenAddress {
  /** Undefined for a server without `listen`. */
  readonly item: Item | undefined;
  /** The sockets, equal for all ways to write them: `0.0.0.0:80`, `[0:0:0:0:0:0:0:1]:443`, `unix:/run/web.sock`. */
  readonly sockets: readonly string[];
  readonly port: number | undefined;
  readonly ssl: boolean;
  readonly http2: boolean;
  readonly quic: boolean;
  readonly isDefault: boolean;
}

const MOST_PORTS = 1000;

const known = new WeakMap<Block, readonly ListenAddress[]>();

/** Where a server of http listens; without `listen` that is port 80. */
export function addressesOf(server: Block): readonly ListenAddress[] {
  let addresses = known.get(server);
  if (addresses) return addresses;
  const items = server.own('listen');
  addresses = items.length === 0 ? [PORT_80] : items.flatMap((item) => addressOf(item) ?? []);
  known.set(server, addresses);
  return addresses;
}

const NOTHING = { ssl: false, http2: false, quic: false, isDefault: false };
const PORT_80: ListenAddress = { item: undefined, sockets: ['0.0.0.0:80'], port: 80, ...NOTHING };

function addressOf(item: Item): ListenAddress | undefined {
  const [, word, ...parameters] = item.directive.words;
  const address = parseAddress(word?.value ?? '', { listen: true });
  if ('problem' in address) return undefined;
  const has = (name: string): boolean => parameters.some(({ value }) => value === name);
  const quic = has('quic');
  const { family, host, port = 80, lastPort = port } = address;
  const start = `${quic ? 'udp ' : ''}${family === 'inet6' ? `[${host}]` : host}`;
  const count = Math.min(lastPort - port + 1, MOST_PORTS);
  return {
    item,
    sockets:
      family === 'unix'
        ? [`unix:${host}`]
        : Array.from({ length: count }, (_, index) => `${start}:${port + index}`),
    port: family === 'unix' || count > 1 ? undefined : port,
    ssl: has('ssl'),
    http2: has('http2'),
    quic,
    isDefault: has('default_server') || has('default'),
  };
}
