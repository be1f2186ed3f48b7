import type { Content } from '../plan/changes.ts';
import { unarchive } from './archive.ts';
import { RELEASE_ID } from '../render/layout.ts';
import { RELEASE_MARK, type ReleaseFile } from './build.ts';
import { nodeFailure } from './failure.ts';
import { call } from './node/call.ts';
import type { Node } from './node/place.ts';

/** The files of a release that is on a node. */
export async function fetchRelease(node: Node, id: string): Promise<ReleaseFile[]> {
  const ran = await call(node, 'send', { release: id });
  if (ran.code !== 0) throw nodeFailure(node, ran);
  return unarchive(Buffer.from(ran.stdout, 'base64'));
}

/** Files that say what a release is for, rather than what NGINX does. */
const BESIDE = new Set(['manifest', RELEASE_MARK, 'modules/load.conf']);

/** What a release has NGINX do, for comparing. Whatever is no configuration may be a secret. */
export function contentsOf(files: readonly ReleaseFile[]): Content[] {
  const mark = files.find(({ path }) => path === RELEASE_MARK);
  const id = /default (\w+);/u.exec(Buffer.from(mark?.content ?? []).toString())?.[1];
  return files
    .filter(({ path }) => !BESIDE.has(path))
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
