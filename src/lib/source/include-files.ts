import { readdirSync, readFileSync } from 'node:fs';
import type { Files } from '../nginx/include/load.ts';
import { decode } from './nginx-text.ts';

/** The files of this machine, as a configuration's includes need them. */
export function readFiles(encoding?: 'latin1'): Files {
  return {
    read(path) {
      try {
        const bytes = readFileSync(path);
        return encoding ? bytes.toString(encoding) : decode(bytes).text;
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
