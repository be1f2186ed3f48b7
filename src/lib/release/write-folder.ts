import { chmod, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Aborted, reasonOf, UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { ReleaseFile } from './build.ts';
import { type Foreign, foreignIn, readRecord, recordOf } from './folder-record.ts';

/**
 * Writes files below a folder, which is made if need be. Each file is complete or as it was before, and the folder keeps
 * a record of what was written.
 * @param mayReplace asked before anything is written, where files would be lost that lbctl did not write; it throws where
 * they are to stay. They are replaced when it is left out.
 * @throws UserError `failed` where the folder cannot be written.
 */
export async function writeFolder(
  folder: string,
  files: readonly ReleaseFile[],
  mayReplace?: (foreign: readonly Foreign[]) => Promise<void>,
): Promise<void> {
  try {
    const foreign = mayReplace ? await foreignIn(folder, files) : [];
    if (foreign.length > 0) await mayReplace?.(foreign);
    const before = await readRecord(folder);
    // what was written before is known as well until the end, wherever this is cut short
    await writeFiles(folder, [recordOf(files, before, true), ...files, recordOf(files, before, false)]);
  } catch (error) {
    if (error instanceof UserError || error instanceof Aborted) throw error;
    const { code = '', path = folder } = error as NodeJS.ErrnoException;
    throw new UserError('failed', 'cannot-write', `cannot write to ${path}: ${reasonOf(error)}`, {
      hint: HINTS[code],
      cause: error,
    });
  }
}

async function writeFiles(folder: string, files: readonly ReleaseFile[]): Promise<void> {
  for (const { path, content, mode } of files) {
    const target = join(folder, path);
    makeFolder(dirname(target));
    await writeWhole(target, content, mode);
  }
}

const OTHER = 'choose a folder that you may write to';
const TAKEN = 'a file is where a folder has to be; choose another folder';

const HINTS: Readonly<Record<string, string>> = {
  ENOENT: OTHER,
  EACCES: OTHER,
  EPERM: OTHER,
  EROFS: OTHER,
  EEXIST: TAKEN,
  ENOTDIR: TAKEN,
  ENOSPC: 'make room on that disk, or choose another folder: df -h tells where there is some',
};

/** Writes beside the target and renames, so that no reader ever sees half a file. */
async function writeWhole(target: string, content: Uint8Array, mode: number): Promise<void> {
  const beside = `${target}.${process.pid}.tmp`;
  try {
    const handle = await open(beside, 'w', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // the mode given to open is narrowed by the umask
    await chmod(beside, mode);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
