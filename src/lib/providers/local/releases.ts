import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Release, RELEASE_MARK, type ReleaseFile } from '../../release/build.ts';
import { writeFolder } from '../../release/write-folder.ts';
import type { Socket } from '../../render/tree.ts';
import type { Content } from '../../plan/changes.ts';
import type { Places } from './places.ts';
import type { Work } from './work.ts';

/** A release as it lies in its folder. */
export interface Stored {
  readonly digest: string;
  readonly files: readonly Content[];
  readonly sockets: readonly Socket[];
}

/** Beside the configuration: which sockets it opens, so that the next release knows which are its own. */
const SOCKETS_FILE = 'sockets.json';

/**
 * Beside the configuration too, and no part of what it is: which modules the NGINX of this machine has to load. In the
 * folder of the release, so that one that is refused or taken back leaves those of the release before as they are.
 */
const MODULES_FILE = 'modules/load.conf';

/** Beside it as well: what the node's script looks at once the release serves. */
const MANIFEST = 'manifest';

const BESIDE = new Set<string>([SOCKETS_FILE, MODULES_FILE, RELEASE_MARK, MANIFEST]);

/** Releases that stay, the current one included. */
const KEPT = 10;

/** The release that `current` leads to; null where there is none, or where its folder is gone. */
export async function currentRelease({ current, releases }: Places): Promise<Stored | null> {
  try {
    const digest = basename(await readlink(current));
    const folder = join(releases, digest);
    const sockets = JSON.parse(await readFile(join(folder, SOCKETS_FILE), 'utf8')) as Socket[];
    const paths = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .filter((path) => !BESIDE.has(path));
    const files = paths.map(async (path) => ({
      path,
      content: await readFile(join(folder, path)),
      secret: isSecret(path),
    }));
    return { digest, files: await Promise.all(files), sockets };
  } catch {
    return null;
  }
}

/** Everything but the configuration itself may hold what is nobody's business. */
function isSecret(path: string): boolean {
  return !path.endsWith('.conf') || path.startsWith('secrets/');
}

/** Contents of a release that is not stored yet, for comparing. */
export function contentsOf({ files }: Release): Content[] {
  // the mark differs whenever anything does, so it would only repeat that
  return files
    .filter(({ path }) => path !== RELEASE_MARK)
    .map(({ path, content, mode }) => ({
      path,
      content,
      secret: mode === 0o600 || isSecret(path),
    }));
}

/** Writes a release into a folder named after its digest: all of it, or nothing that bears the name. */
export async function stage(
  { releases }: Places,
  digest: string,
  files: readonly ReleaseFile[],
): Promise<string> {
  const folder = join(releases, digest);
  await mkdir(releases, { recursive: true });
  const draft = await mkdtemp(join(releases, '.draft-'));
  await writeFolder(draft, files);
  // what bears the name already was written whole, but may have been touched since
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return folder;
}

/** A release with what lies beside its configuration. */
export function filesOf({ release, modules, manifest }: Work): ReleaseFile[] {
  const sockets = { path: SOCKETS_FILE, content: Buffer.from(JSON.stringify(release.sockets)), mode: 0o644 };
  const looks = { path: MANIFEST, content: Buffer.from(manifest), mode: 0o644 };
  return [...release.files, sockets, looks, loadModules(modules)];
}

/** Servers that get no new connections: the node's script keeps them, one a line. */
export async function drainedServers({ prefix }: Places): Promise<string[]> {
  const text = await readFile(join(prefix, 'drained'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

/** Writes anew which modules a release has NGINX load. */
export async function writeModules(
  { releases }: Places,
  digest: string,
  modules: readonly string[],
): Promise<void> {
  await writeFolder(join(releases, digest), [loadModules(modules)]);
}

function loadModules(modules: readonly string[]): ReleaseFile {
  const text = modules.map((file) => `load_module ${file};\n`).join('');
  return { path: MODULES_FILE, content: Buffer.from(text), mode: 0o644 };
}

/** Lets `current` lead to a release, in one rename. */
export async function activate({ current, prefix }: Places, digest: string): Promise<void> {
  const beside = join(prefix, `.current-${process.pid}`);
  await rm(beside, { force: true });
  await symlink(join('releases', digest), beside);
  await rename(beside, current);
  // the rename itself must survive a power cut
  const handle = await open(prefix, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Removes what a killed run left half written, and releases beyond those that are kept. */
export async function prune({ releases }: Places, current: string): Promise<void> {
  const names = await readdir(releases).catch(() => []);
  const times = await Promise.all(names.map((name) => writtenAt(join(releases, name))));
  const others = names
    .map((name, index) => ({ name, time: times[index]! }))
    .filter(({ name }) => name !== current);
  const whole = others
    .filter(({ name, time }) => time > 0 && !name.startsWith('.'))
    .toSorted((a, b) => b.time - a.time);
  const kept = new Set(whole.slice(0, KEPT - 1));
  await Promise.all(
    others
      .filter((other) => !kept.has(other))
      .map(({ name }) => rm(join(releases, name), { recursive: true, force: true })),
  );
}

/** When a release was written, in milliseconds; 0 for a folder that is none. */
async function writtenAt(folder: string): Promise<number> {
  return stat(join(folder, SOCKETS_FILE)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
