import { writeSync } from 'node:fs';
import type { Output } from './lib/ui/terminal.ts';

/**
 * Writes to a pipe or a file without the streams of Node, which take longer to load than a short answer to make. They
 * are asked where writing fails: they wait for a reader that is not ready, and tell of one that is gone.
 */
export function directOutput(descriptor: number, stream: () => Output): Output {
  let instead: Output | undefined;
  return {
    write(data) {
      let left = typeof data === 'string' ? Buffer.from(data) : data;
      while (!instead && left.length > 0) {
        try {
          left = left.subarray(writeSync(descriptor, left));
        } catch {
          instead = stream();
        }
      }
      if (left.length > 0) instead?.write(left);
    },
  };
}
