import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { RELEASE_ID } from '../render/layout.ts';
import type { Asset, Socket, Tree } from '../render/tree.ts';

/** A file of a release, ready to be written. */
export interface ReleaseFile {
  /** Relative to the folder of nginx.conf. */
  readonly path: string;
  readonly content: Uint8Array;
  /** 0o600 for keys and secrets, else 0o644. */
  readonly mode: number;
}

/** A configuration with everything it needs, named by a digest of its content. */
export interface Release {
  /** First 16 hexadecimal digits of the SHA-256 over all paths, modes and contents, in which it stands as RELEASE_ID. */
  readonly digest: string;
  readonly files: readonly ReleaseFile[];
  readonly sockets: readonly Socket[];
}

const DIGEST_LENGTH = 16;

/**
 * Gathers the files of a tree and the assets they refer to.
 * @param folder that relative asset paths start at: the folder of lb.yaml.
 * @throws UserError `input` when an asset cannot be read or does not hold what it should.
 */
export async function buildRelease(tree: Tree, folder: string): Promise<Release> {
  const assets = await Promise.all(tree.assets.map((asset) => readAsset(asset, folder)));
  const texts = (change: (text: string) => string): ReleaseFile[] =>
    tree.files.map(({ path, content }) => ({ path, content: Buffer.from(change(content)), mode: 0o644 }));
  const digest = digestOf([...texts((text) => text), ...assets]);
  const named = texts((text) => text.replaceAll(RELEASE_ID, digest));
  return { digest, files: [...named, ...assets, releaseMark(digest)], sockets: tree.sockets };
}

/** Name of the file by which a running NGINX can be asked which release it serves. */
const RELEASE_MARK = 'release.conf';

/** It is not part of the digest, which it holds. */
function releaseMark(digest: string): ReleaseFile {
  const content = `# The release that this is, shown at /release of the metrics server.\ngeo $lbctl_release {\n    default ${digest};\n}\n`;
  return { path: RELEASE_MARK, content: Buffer.from(content), mode: 0o644 };
}

/** Files that say what a release is for, rather than what NGINX does: no part of the digest. */
const BESIDE = new Set(['manifest', 'sockets.json', RELEASE_MARK, 'modules/load.conf']);

/** Whether a file is no part of the digest that names its release. */
export function isBeside({ path }: ReleaseFile): boolean {
  return BESIDE.has(path);
}

/** The name of a release, as its files have it; undefined where they do not tell. */
export function nameIn(files: readonly ReleaseFile[]): string | undefined {
  const mark = files.find(({ path }) => path === RELEASE_MARK);
  return /default (\w+);/u.exec(Buffer.from(mark?.content ?? []).toString())?.[1];
}

/** Names a release anew whose files have been changed, also where they name their own folder. */
export function renamed(files: readonly ReleaseFile[]): Pick<Release, 'files'> & { readonly id: string } {
  const before = nameIn(files);
  const to = (name: string) => (file: ReleaseFile) =>
    before === undefined ? file : { ...file, content: replaced(file.content, before, name) };
  const id = digestOf(files.filter((file) => !isBeside(file)).map(to(RELEASE_ID)));
  return { id, files: files.map((file) => (file.path === RELEASE_MARK ? releaseMark(id) : to(id)(file))) };
}

function replaced(content: Uint8Array, from: string, to: string): Uint8Array {
  const bytes = Buffer.from(content);
  // a character a byte, whatever is in it
  return bytes.includes(from)
    ? Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1')
    : content;
}

/** Names files by what is in them, in whatever order they come. */
function digestOf(files: readonly ReleaseFile[]): string {
  const hash = createHash('sha256');
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, content, mode } of sorted)
    hash.update(`${path}\0${mode}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, DIGEST_LENGTH);
}

async function readAsset({ source, path, secret, form }: Asset, folder: string): Promise<ReleaseFile> {
  const content = await readFile(resolve(folder, source)).catch((cause: unknown) => {
    throw new UserError('input', 'unreadable-file', `cannot read ${source}: ${(cause as Error).message}`, {
      hint: 'relative paths start at the folder of lb.yaml',
      cause,
    });
  });
  const mode = secret ? 0o600 : 0o644;
  if (form.kind === 'copy') return { path, content, mode };
  return {
    path,
    content: Buffer.from(secretVariable(form.variable, content.toString('utf8'), source)),
    mode,
  };
}

/** `geo` takes its values literally, so a secret may hold `$`. */
function secretVariable(variable: string, text: string, source: string): string {
  const [secret = ''] = text.split(/\r?\n/u);
  if (secret === '' || /[^\u0020-\u007e]/u.test(secret) || secret.length > 1000) {
    throw new UserError(
      'input',
      'bad-secret',
      `${source}: the first line must be 1 to 1,000 printable ASCII characters`,
      {
        hint: `make one with: openssl rand -hex 32 > ${source}`,
      },
    );
  }
  return `geo $${variable} {\n    default "${secret.replace(/[\\"]/gu, '\\$&')}";\n}\n`;
}
