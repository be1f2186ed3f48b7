import { readdirSync, readFileSync } from 'node:fs';
import type { Files } from '../nginx/include/load.ts';
import { decode } from './nginx-text.ts';

/** The files of this machine, as a configuration's includes need them. */
export function readFiles(): Files {
  return {
    read(path) {
      try {
        return decode(readFileSync(path)).text;
      } catch {
        return undefined;
      }
    },
    list(folder) {
      try {
        return readdirSync(folder);
      } catch {
        return undefined;
      }
    },
  };
}
