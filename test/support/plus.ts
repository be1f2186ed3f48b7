import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { temporaryFolder } from './folder.ts';
import { atEnd } from './lifetime.ts';
import type { Asked, Faults } from './plus/api.ts';
import { findNginx } from './tools.ts';

/**
 * A stand-in for NGINX Plus, of which there is none to be had here: its API as it is documented, in front of a real open
 * source NGINX. What NGINX Plus itself does may differ from what its documentation says.
 */
export interface FakePlus {
  /** The program, for LBCTL_NGINX. */
  readonly nginx: string;
  /** What its API was asked so far. */
  asked(): Promise<readonly Asked[]>;
  /** What its API was told to change so far, as `METHOD URL BODY`. */
  changes(): Promise<string[]>;
  /** How often it has loaded a configuration. */
  loads(): Promise<number>;
  /** Has its API not be as usual from now on. */
  fail(faults: Faults): Promise<void>;
}

export async function fakePlus(): Promise<FakePlus> {
  const folder = await temporaryFolder();
  const [nginx, bundle] = [join(folder, 'nginx'), join(folder, 'plus.mjs')];
  await build({
    entryPoints: [join(import.meta.dirname, 'plus/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  await writeFile(
    nginx,
    `#!/bin/sh\nexec '${process.execPath}' '${bundle}' '${folder}' '${findNginx()}' "$@"\n`,
  );
  await chmod(nginx, 0o755);
  // it outlives a master that is killed
  atEnd(async () => {
    const pid = Number(await readFile(join(folder, 'hidden.pid'), 'utf8').catch(() => '0'));
    const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (title.includes(folder)) process.kill(pid, 'SIGTERM');
  });
  const asked = async (): Promise<Asked[]> => {
    const text = await readFile(join(folder, 'asked.jsonl'), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Asked);
  };
  return {
    nginx,
    asked,
    changes: async () =>
      (await asked())
        .filter(({ method }) => method !== 'GET')
        .map(({ method, url, body }) => `${method} ${url}${body === '' ? '' : ` ${body}`}`),
    loads: async () => Number(await readFile(join(folder, 'loads'), 'utf8')),
    async fail(faults) {
      const file = join(folder, 'faults.json');
      if (Object.keys(faults).length === 0) await rm(file, { force: true });
      else await writeFile(file, JSON.stringify(faults));
    },
  };
}
