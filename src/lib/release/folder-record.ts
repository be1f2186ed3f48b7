import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseFile } from './build.ts';

/**
 * Name of the file in which a folder keeps what lbctl has written there, in the form of sha256sum. It is hidden, so that
 * no include of NGINX takes it in.
 */
const RECORD = '.lbctl-written';

/** A file that would be lost if another were written in its place. */
export interface Foreign {
  readonly path: string;
  readonly why: 'not written by lbctl' | 'edited since lbctl wrote it' | 'a link or a folder';
}

/** Digests that lbctl has given files of a folder, by path; several where a run was cut short. */
export type FolderRecord = ReadonlyMap<string, ReadonlySet<string>>;

/** What the record of a folder says; nothing where there is none, or where a line of it says something else. */
export async function readRecord(folder: string): Promise<FolderRecord> {
  const record = new Map<string, Set<string>>();
  const text = await contentOf(join(folder, RECORD));
  for (const [, digest = '', path = ''] of text?.toString('utf8').matchAll(/^([\da-f]{64}) {2}(.+)$/gmu) ??
    [])
    record.set(path, (record.get(path) ?? new Set()).add(digest));
  return record;
}

/**
 * The record once some files are written.
 * @param before what it says until then: of files that are written anew only where `keep` is set, as before they are.
 */
export function recordOf(files: readonly ReleaseFile[], before: FolderRecord, keep: boolean): ReleaseFile {
  const now = new Map(files.map(({ path, content }) => [path, sha256(content)]));
  const lines = new Set([...now].map(([path, digest]) => `${digest}  ${path}\n`));
  for (const [path, digests] of before)
    if (keep || !now.has(path)) for (const digest of digests) lines.add(`${digest}  ${path}\n`);
  // a digest tells who guesses a short secret that they are right
  const mode = files.some((file) => file.mode === 0o600) ? 0o600 : 0o644;
  return { path: RECORD, content: Buffer.from([...lines].join('')), mode };
}

/** Files of a folder that some files would replace, and that hold something else than lbctl wrote there. */
export async function foreignIn(folder: string, files: readonly ReleaseFile[]): Promise<Foreign[]> {
  const record = await readRecord(folder);
  const found: Foreign[] = [];
  for (const { path, content } of files) {
    const target = join(folder, path);
    const status = await lstat(target).catch(orNothing);
    if (status === undefined) continue;
    if (!status.isFile()) {
      found.push({ path, why: 'a link or a folder' });
      continue;
    }
    const there = await readFile(target);
    const written = record.get(path);
    if (there.equals(content) || written?.has(sha256(there))) continue;
    found.push({ path, why: written ? 'edited since lbctl wrote it' : 'not written by lbctl' });
  }
  return found;
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(orNothing);
}

/** Where a file is in the place of a folder, writing tells it. */
function orNothing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
