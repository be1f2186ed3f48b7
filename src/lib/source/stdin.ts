import { createReadStream } from 'node:fs';
import { stdin } from 'node:process';
import { LARGEST, tooLarge } from './bounded.ts';

/**
 * All that comes in, up to its end.
 * @param pipe path of what is read in the place of stdin, such as /dev/fd/63.
 * @throws UserError `input` where it does not come to an end.
 */
export async function readStdin(pipe?: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of pipe === undefined ? stdin : createReadStream(pipe)) {
    chunks.push(chunk as Buffer);
    total += (chunk as Buffer).length;
    if (total > LARGEST) throw tooLarge(pipe ?? 'stdin');
  }
  return Buffer.concat(chunks);
}
