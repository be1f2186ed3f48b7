import { realpathSync } from 'node:fs';

/** A path behind all links; itself where nothing is there. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
