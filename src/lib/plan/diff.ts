import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Content } from './changes.ts';

/** What differs between two sets of files, as unified diffs; of secrets only that they do. */
export function unifiedDiff(before: readonly Content[], after: readonly Content[]): string {
  const old = new Map(before.map((file) => [file.path, file]));
  const now = new Map(after.map((file) => [file.path, file]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .toSorted()
    .map((path) => fileDiff(path, old.get(path), now.get(path)))
    .join('');
}

function fileDiff(path: string, from: Content | undefined, to: Content | undefined): string {
  const [was, is] = [textOf(from), textOf(to)];
  if (was === is) return '';
  if (from?.secret || to?.secret) return `${path}: differs, and is not shown\n`;
  return createTwoFilesPatch(
    from ? `a/${path}` : '/dev/null',
    to ? `b/${path}` : '/dev/null',
    was,
    is,
    '',
    '',
    {
      context: 3,
      headerOptions: FILE_HEADERS_ONLY,
    },
  );
}

function textOf(file: Content | undefined): string {
  return file ? Buffer.from(file.content).toString('utf8') : '';
}
