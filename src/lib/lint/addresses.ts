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

/** Where a server of http listens; without `listen` that is port 80. */
export function addressesOf(server: Block): ListenAddress[] {
  const items = server.own('listen');
  if (items.length === 0)
    return [
      {
        item: undefined,
        sockets: ['0.0.0.0:80'],
        port: 80,
        ssl: false,
        http2: false,
        quic: false,
        isDefault: false,
      },
    ];
  return items.flatMap((item) => {
    const [, word, ...parameters] = item.directive.words;
    const address = parseAddress(word?.value ?? '', { listen: true });
    if ('problem' in address) return [];
    const has = (name: string): boolean => parameters.some(({ value }) => value === name);
    const { family, host, port = 80, lastPort = port } = address;
    const kind = has('quic') ? 'udp ' : '';
    const start = `${kind}${family === 'inet6' ? `[${host}]` : host}`;
    const sockets =
      family === 'unix'
        ? [`${kind}unix:${host}`]
        : Array.from(
            { length: Math.min(lastPort - port + 1, MOST_PORTS) },
            (_, index) => `${start}:${port + index}`,
          );
    return [
      {
        item,
        sockets,
        port: family === 'unix' || lastPort !== port ? undefined : port,
        ssl: has('ssl'),
        http2: has('http2'),
        quic: has('quic'),
        isDefault: has('default_server') || has('default'),
      },
    ];
  });
}
