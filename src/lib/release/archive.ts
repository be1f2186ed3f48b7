import { extract, pack } from 'tar-stream';
import { Readable } from 'node:stream';
import type { ReleaseFile } from './build.ts';

/**
 * Files as a tar archive, in their order and with their modes. The same files make the same bytes: nodes give them the time at
 * which they come.
 */
export async function archive(files: readonly ReleaseFile[]): Promise<Buffer> {
  const packed = pack();
  for (const { path, content, mode } of files)
    packed.entry({ name: path, mode, mtime: new Date(0) }, Buffer.from(content));
  packed.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The files of a tar archive; everything else in it is left out. */
export async function unarchive(bytes: Uint8Array): Promise<ReleaseFile[]> {
  const files: ReleaseFile[] = [];
  const entries = extract();
  Readable.from([Buffer.from(bytes)]).pipe(entries);
  for await (const entry of entries) {
    const { name, mode = 0o644, type } = entry.header;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (type === 'file')
      files.push({ path: name.replace(/^\.\//u, ''), mode, content: Buffer.concat(chunks) });
  }
  return files;
}
