import type { Content } from '../plan/changes.ts';
import { unarchive } from './archive.ts';
import { RELEASE_ID } from '../render/layout.ts';
import { isBeside, nameIn, type ReleaseFile } from './build.ts';
import { nodeFailure } from './failure.ts';
import { call } from './node/call.ts';
import type { Node } from './node/place.ts';

/** The files of a release that is on a node. */
export async function fetchRelease(node: Node, id: string): Promise<ReleaseFile[]> {
  const ran = await call(node, 'send', { release: id });
  if (ran.code !== 0) throw nodeFailure(node, ran);
  const files = await unarchive(Buffer.from(ran.stdout, 'base64'));
  // on the node, others may be given or denied what lies there
  return files.map((file) => ({ ...file, mode: file.mode & 0o004 ? 0o644 : 0o600 }));
}

/** What a release has NGINX do, for comparing. Whatever is no configuration may be a secret. */
export function contentsOf(files: readonly ReleaseFile[]): Content[] {
  const id = nameIn(files);
  return files
    .filter((file) => !isBeside(file))
    .map(({ path, content, mode }) => ({
      path,
      content: path.endsWith('.conf') && id !== undefined ? withoutName(content, id) : content,
      secret: mode === 0o600 || !path.endsWith('.conf') || path.startsWith('secrets/'),
    }));
}

/** Files that name their own folder differ in that alone from one release to the next. */
function withoutName(content: Uint8Array, id: string): Uint8Array {
  const text = Buffer.from(content);
  return text.includes(`/releases/${id}/`)
    ? Buffer.from(text.toString('utf8').replaceAll(`/releases/${id}/`, `/releases/${RELEASE_ID}/`))
    : content;
}
