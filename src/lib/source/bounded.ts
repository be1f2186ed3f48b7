import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** Bytes of a text: more than any configuration has, and as much as can be held. */
export const LARGEST = 256 * 1024 * 1024;
/** Bytes that are read at once. */
const CHUNK = 64 * 1024;

/**
 * All that a file, a pipe or a device holds, up to its end.
 * @param name for messages.
 * @throws UserError `input` where that is more than anything could make use of, as of /dev/zero; what the system says.
 */
export function readBounded(path: string, name: string): Buffer {
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size > LARGEST) throw tooLarge(name);
    const chunks: Buffer[] = [];
    for (let total = 0; ;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const count = readSync(file, chunk);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      total += count;
      if (total > LARGEST) throw tooLarge(name);
    }
  } finally {
    closeSync(file);
  }
}

export function tooLarge(name: string): UserError {
  return new UserError(
    'input',
    'too-large',
    `${name} has more than ${LARGEST / 1024 / 1024} MB, and maybe no end`,
    {
      hint: 'name a file that holds the configuration, and nothing else',
    },
  );
}
