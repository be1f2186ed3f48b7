import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, encode } from '../../src/lib/source/nginx-text.ts';

const ROOT = fileURLToPath(new URL('../../fixtures/nginx/', import.meta.url));

/** A configuration file with its text as the program reads it. */
export interface Example {
  readonly name: string;
  readonly text: string;
  /** For a refused one, what NGINX 1.22.1 says: `nginx: [emerg] … in NAME.conf:LINE`. */
  readonly refusal: string | undefined;
}

/** The files of fixtures/nginx that NGINX reads by themselves, in the order of their names. */
export function corpus(kind: 'accepted' | 'refused'): Example[] {
  const folder = join(ROOT, kind);
  const names = readdirSync(folder).filter((name) => name.endsWith('.conf'));
  return names.toSorted().map((name) => ({
    name: `${kind}/${name}`,
    text: textOf(join(folder, name)),
    refusal:
      kind === 'refused'
        ? readFileSync(join(folder, name.replace(/\.conf$/u, '.txt')), 'latin1').trimEnd()
        : undefined,
  }));
}

/** All files below fixtures/nginx that are configuration, those that others include, too. */
export function allFixtures(): string[] {
  const files = readdirSync(ROOT, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && !/\.(?:txt|pem)$/u.test(file.name))
    .map((file) => join(file.parentPath, file.name));
}

/** Text of a file; throws where its bytes could not be had back. */
export function textOf(path: string): string {
  const bytes = readFileSync(path);
  const decoded = decode(bytes);
  if (!encode(decoded).equals(bytes)) throw new Error(`the text of ${path} is not its bytes`);
  return decoded.text;
}
