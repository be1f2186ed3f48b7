import { readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ReleaseFile } from '../../release/build.ts';
import { socketsIn } from '../../render/manifest.ts';
import type { Socket } from '../../render/tree.ts';
import type { Places } from './places.ts';
import type { Work } from './work.ts';

/** A release as it lies in its folder. */
export interface Stored {
  readonly digest: string;
  readonly sockets: readonly Socket[];
}

/** The release that `current` leads to; null where there is none, or where its folder is gone. */
export async function currentRelease({ current, releases }: Places): Promise<Stored | null> {
  try {
    const digest = basename(await readlink(current));
    return { digest, sockets: socketsIn(await readFile(join(releases, digest, 'manifest'), 'utf8')) };
  } catch {
    return null;
  }
}

/** The release that serves where one is loaded: the script of the node notes what the API of NGINX Plus has brought over it. */
export async function servingOver(
  loaded: string,
  { prefix }: Places,
  current: Stored | null,
): Promise<string> {
  const text = await readFile(join(prefix, 'live'), 'utf8').catch(() => '');
  const [under, over] = text.trim().split('\t');
  return over !== undefined && under === loaded && over === current?.digest ? over : loaded;
}

/** Folders below the prefix that NGINX does not make itself. */
const FOLDERS = ['logs', 'run', 'temp', 'cache'];

/** A release with what lies beside its configuration. */
export function filesOf({ release, modules, manifest }: Work): ReleaseFile[] {
  const text = (path: string, content: string): ReleaseFile => ({
    path,
    content: Buffer.from(content),
    mode: 0o644,
  });
  return [
    ...release.files,
    text('manifest', manifest + FOLDERS.map((folder) => `folder ${folder}\n`).join('')),
    // which modules there are is the business of the machine, and no part of what a release is
    text('modules/load.conf', modules.map((file) => `load_module ${file};\n`).join('')),
  ];
}

/** Servers that get no new connections: the node's script keeps them, one a line. */
export async function drainedServers({ prefix }: Places): Promise<string[]> {
  const text = await readFile(join(prefix, 'drained'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
