import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { ReleaseFile } from './build.ts';

/**
 * Writes files below a folder, which is made if need be. Each file is complete or as it was before.
 * @throws UserError `failed` where the folder cannot be written.
 */
export async function writeFolder(folder: string, files: readonly ReleaseFile[]): Promise<void> {
  try {
    for (const { path, content, mode } of files) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeWhole(target, content, mode);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const hint = code === 'EACCES' || code === 'EPERM' ? 'choose a folder that you may write to' : undefined;
    throw new UserError('failed', 'cannot-write', `cannot write to ${folder}: ${message}`, {
      hint,
      cause: error,
    });
  }
}

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
