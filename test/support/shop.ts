import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lbctl, type Run } from './cli.ts';
import { request } from './client.ts';
import { temporaryFolder } from './folder.ts';
import { atEnd } from './lifetime.ts';
import { freePort } from './ports.ts';
import { endNginx } from './processes.ts';

/** What `lbctl status --json` tells, as far as tests look at it. */
export interface ShopStatus {
  readonly running: boolean;
  readonly pid: number;
  readonly serving: string;
  readonly described: string;
  readonly workers: readonly { pid: number; since: string; leaving: boolean }[];
  readonly remarks: readonly string[];
}

/** YAML beside the fixed answer. */
interface More {
  /** Whole lines on the top floor. */
  readonly keys?: string;
  /** Further keys of the listener, such as `address: 127.0.0.1`. */
  readonly listener?: string;
  /** Further paths, such as `/a: web`. */
  readonly paths?: string;
}

/** A balancer named shop in a folder of its own, driven as users drive it. */
export interface Shop {
  readonly folder: string;
  readonly port: number;
  readonly prefix: string;
  /** Writes lb.yaml: a body that every request is answered with, or more than that. */
  write(body: string, more?: More): void;
  run(...args: string[]): Promise<Run>;
  answer(): Promise<string>;
  status(): Promise<ShopStatus>;
}

/** Its NGINX ends with the tests of the file. */
export async function newShop(env: Readonly<Record<string, string>> = {}): Promise<Shop> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const run = (...args: string[]) => lbctl(args, { cwd: folder, env });
  const shop: Shop = {
    folder,
    port,
    prefix: join(folder, '.lbctl/shop'),
    write: (body, { keys = '', listener, paths } = {}) =>
      writeFileSync(
        join(folder, 'lb.yaml'),
        `name: shop
listeners: { http: { ${[`port: ${port}`, ...(listener ? [listener] : [])].join(', ')} } }
${keys}
routes: [{ paths: { ${[`/: { respond: { body: "${body}" } }`, ...(paths ? [paths] : [])].join(', ')} } }]
`,
      ),
    run,
    answer: async () => (await request({ port })).body,
    status: async () => JSON.parse((await run('status', '--json')).stdout) as ShopStatus,
  };
  shop.write('one');
  atEnd(() => endNginx(shop.prefix));
  return shop;
}

/** Whether a process runs; one that has ended and waits for its parent does not. */
export function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat[stat.lastIndexOf(')') + 2] !== 'Z';
}
