import { readlink } from 'node:fs/promises';
import { startAll } from '../../../support/backends.ts';
import { request } from '../../../support/client.ts';
import { fakePlus, type FakePlus } from '../../../support/plus.ts';
import { freePort } from '../../../support/ports.ts';
import { type ReleaseParts, startNode, type TestNode, type Told } from './node.ts';

/** A node with NGINX Plus, as far as that can be had, and three servers behind. */
export interface PlusNode {
  readonly node: TestNode;
  readonly plus: FakePlus;
  /** Addresses of a, b and c. */
  readonly servers: readonly [string, string, string];
  /** A release whose upstream has these servers, as they stand in the configuration. */
  release(lines: readonly string[]): ReleaseParts;
  /** Activates a release, which is received first, by changes of upstream web; `first` is what serves by then. */
  change(
    release: string,
    lines: readonly string[],
    changes: readonly string[],
    script?: string,
  ): Promise<Told>;
  /** Servers as the API has them, such as `127.0.0.1:80 up`. */
  listed(): Promise<string[]>;
  /** Names of the servers that requests reach. */
  reached(): Promise<string[]>;
}

/** It serves release `first` by servers a and b. */
export async function startPlusNode(): Promise<PlusNode> {
  const [plus, backends, api] = [await fakePlus(), await startAll(['a', 'b', 'c']), await freePort()];
  const [a, b, c] = backends.map(({ address }) => address) as [string, string, string];
  const release = (lines: readonly string[]): ReleaseParts => ({
    http: `upstream web { zone web 64k; ${lines.map((line) => `server ${line};`).join(' ')} }
    server { listen 127.0.0.1:${api}; location /api { allow 127.0.0.1; deny all; api write=on; } }`,
    server: 'location / { proxy_pass http://web; }',
    also: [`api 127.0.0.1 ${api}`],
  });
  const node = await startNode({ nginx: plus.nginx, first: release([a, b]) });
  return {
    node,
    plus,
    servers: [a, b, c],
    release,
    async change(name, lines, changes, script) {
      await node.add(name, release(lines));
      const base = (await readlink(node.link)).split('/')[1]!;
      return node.activate(name, {
        settings: { base, live: changes.map((line) => `http web ${line}`).join('\n') },
        ...(script === undefined ? {} : { script }),
      });
    },
    async listed() {
      const { body } = await request({ port: api, path: '/api/9/http/upstreams/web/servers' });
      const peers = JSON.parse(body) as { server: string; down: boolean; drain?: boolean }[];
      return peers.map(({ server, down, drain }) => `${server} ${down ? 'down' : drain ? 'drain' : 'up'}`);
    },
    async reached() {
      const before = backends.map(({ received }) => received.length);
      for (let count = 0; count < 8; count++) await request({ port: node.port });
      return backends.flatMap(({ name, received }, index) =>
        received.length > before[index]! ? [name] : [],
      );
    },
  };
}
