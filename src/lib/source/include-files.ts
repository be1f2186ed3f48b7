import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Files } from '../nginx/include/load.ts';
import { decode } from './nginx-text.ts';
import { realPath } from './real-path.ts';

/**
 * The files of this machine, as a configuration's includes need them.
 * @param texts what stands in the place of some files' own, by their paths behind all links.
 */
export function readFiles(texts: ReadonlyMap<string, string> = new Map()): Files {
  return {
    read(path) {
      const other = texts.size === 0 ? undefined : texts.get(realPath(path));
      if (other !== undefined) return other;
      try {
        // a pipe would be waited for, and a device may have no end
        return statSync(path).isFile() ? decode(readFileSync(path)).text : undefined;
      } catch {
        return undefined;
      }
    },
    real: realPath,
    list(folder) {
      try {
        return readdirSync(folder);
      } catch {
        return undefined;
      }
    },
  };
}
