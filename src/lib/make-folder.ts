import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder with those above it, where there are none. Node's own way never ends where the system says of a folder
 * that is there that nothing is, as below /proc and in a folder that is gone.
 * @param mode of those that are made.
 * @throws what the system says.
 */
export function makeFolder(path: string, mode?: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(path);
    if (code === 'ENOENT' && above !== path && !isThere(above)) {
      makeFolder(above, mode);
      makeFolder(path, mode);
    } else if (!isFolder(path)) throw error;
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Somebody else may have made it just now; a system that may not be written says so of what is there, too. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
