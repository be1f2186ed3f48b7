import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Gives a file new content at once: whoever reads it sees all of the old or all of the new. Owner and mode stay.
 * `path` must lead to the file itself, as a link would be replaced too.
 */
export async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const { mode, uid, gid } = await stat(path);
  // hidden, so that no include takes it in, and short, as the name of the file may be as long as names can be
  const beside = join(dirname(path), `.lbctl-${process.pid}-${Date.now().toString(36)}`);
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      const made = await handle.stat();
      if (made.uid !== uid || made.gid !== gid) await handle.chown(uid, gid);
      // behind chown, which takes special bits away
      await handle.chmod(mode & 0o7777);
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
