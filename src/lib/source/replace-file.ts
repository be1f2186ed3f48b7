import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a file has beside its content. */
interface Access {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Gives a file new content at once: whoever reads it sees all of the old or all of the new. Owner and mode stay.
 * `path` must lead to the file itself, as a link would be replaced too.
 */
export async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  await putFile(path, content, await stat(path));
}

/** Writes a file at once, whether it is there already or not; a link stays one. */
export async function writeFileWhole(path: string, text: string): Promise<void> {
  const content = Buffer.from(text);
  const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (real === undefined) await putFile(path, content);
  else await replaceFile(real, content);
}

async function putFile(path: string, content: Uint8Array, access?: Access): Promise<void> {
  // hidden, so that no include takes it in, and short, as the name of the file may be as long as names can be
  const beside = join(dirname(path), `.lbctl-${process.pid}-${Date.now().toString(36)}`);
  try {
    const handle = await open(beside, 'wx', access ? 0o600 : 0o666);
    try {
      await handle.writeFile(content);
      if (access) {
        const { mode, uid, gid } = access;
        const made = await handle.stat();
        if (made.uid !== uid || made.gid !== gid) await handle.chown(uid, gid);
        // behind chown, which takes special bits away
        await handle.chmod(mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
