import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type HttpBackend, startAll } from './backends.ts';
import { request } from './client.ts';
import type { FakePlus } from './plus.ts';
import { newShop, type Shop } from './shop.ts';

/** A balancer that is driven as users drive it, with its backends. */
interface Pool {
  readonly shop: Shop;
  readonly backends: readonly HttpBackend[];
  /** `lbctl pool …` with `--yes` and a short watch. */
  pool(...args: string[]): ReturnType<Shop['run']>;
  /** Writes lb.yaml with these servers of web, as they stand there. */
  write(servers: readonly string[], keys?: string): void;
  yaml(): string;
  /** Names of the backends that so many requests reached. */
  reached(requests?: number): Promise<string[]>;
}

/** A balancer that runs, with as many backends in upstream web as there are names, and one of them in api too. */
export async function startPool(
  names: readonly string[] = ['a', 'b'],
  plus?: Pick<FakePlus, 'nginx'>,
): Promise<Pool> {
  const env = plus ? { LBCTL_NGINX: plus.nginx } : {};
  const [shop, backends] = [await newShop(env), await startAll(names)];
  const usual = plus ? 'nginx: { plus: true }\n' : '';
  const file = join(shop.folder, 'lb.yaml');
  const pool: Pool = {
    shop,
    backends,
    pool: (...args) => shop.run('pool', ...args, ...(args[0] === 'list' ? [] : ['--yes', '--watch', '0'])),
    write: (servers, keys = usual) =>
      writeFileSync(
        file,
        `name: shop # ours
listeners: { http: { port: ${shop.port} } }
upstreams:
  web:
${servers.map((server) => `    - ${server}\n`).join('')}  api: [${backends[0]!.address}, "${backends[1]!.address}"]
routes: [{ paths: { /: web, /api: api } }]
${keys}`,
      ),
    yaml: () => readFileSync(file, 'utf8'),
    async reached(requests = 12) {
      const before = backends.map(({ received }) => received.length);
      for (let index = 0; index < requests; index++)
        expect((await request({ port: shop.port })).status).toBe(200);
      return backends.flatMap(({ name, received }, index) =>
        received.length > before[index]! ? [name] : [],
      );
    },
  };
  pool.write(backends.map(({ address }, index) => `${address} # ${names[index]}`));
  expect(await shop.run('up')).toMatchObject({ code: 0 });
  return pool;
}

/** An upstream as `lbctl pool list --json` tells it. */
interface Listed {
  readonly name: string;
  readonly servers: readonly {
    readonly address: string;
    readonly configured: Readonly<Record<string, unknown>> | null;
    readonly effective: string;
    readonly state: string;
    readonly connections: number;
    readonly failures: number;
    readonly lastFailure: string | null;
  }[];
}

export async function listOf({ pool }: Pool, ...args: string[]): Promise<readonly Listed[]> {
  const { stdout } = await pool('list', '--json', ...args);
  return (JSON.parse(stdout) as { upstreams: Listed[] }).upstreams;
}

/** What nodes do with the servers of web. */
export async function effects(pool: Pool): Promise<string[]> {
  const [web] = await listOf(pool, 'web');
  return web!.servers.map(({ effective }) => effective);
}

/** A run that ends with a code, and tells these things in this order. */
export const ended = (code: number, ...says: string[]) => ({
  code,
  stderr: expect.stringMatching(
    new RegExp(says.map((text) => text.replaceAll(/[[\](){}.*+?$\\]/gu, '\\$&')).join('[\\s\\S]*'), 'u'),
  ) as string,
});
