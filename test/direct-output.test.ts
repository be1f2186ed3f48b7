import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directOutput } from '../src/direct-output.ts';
import { temporaryFolder } from './support/folder.ts';

test('what a pipe that is not read does not take is left to the stream, in its order', async () => {
  const pipe = join(await temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  let streamed = '';
  const output = directOutput(descriptor, () => ({ write: (data) => (streamed += String(data)) }));
  const pieces = ['', 'a\n', 'b'.repeat(1_000_000), '', 'c\n'];
  for (const piece of pieces) output.write(piece);
  const buffer = Buffer.alloc(1_000_000);
  const direct = buffer.toString('utf8', 0, readSync(descriptor, buffer));
  closeSync(descriptor);
  expect(direct.length).toBeGreaterThan(2);
  expect(streamed.length).toBeGreaterThan(2);
  expect(direct + streamed === pieces.join('')).toBe(true);
});
