import type { SourceFile } from '../../nginx/check/visit.ts';
import { keyOfFix } from './apply.ts';
import type { Finding } from '../engine/finding.ts';

/** A configuration that was looked through. */
export interface Looked {
  readonly files: readonly Pick<SourceFile, 'path'>[];
  readonly findings: readonly Finding[];
}

/**
 * Findings of several configurations of one run. A file that more than one of them includes, or one of them by several
 * names, is changed only where the answer is the same everywhere.
 */
export function withSharedFixes(list: readonly Looked[]): (readonly Finding[])[] {
  const times = timesOf(list);
  if (times.size === 0) return list.map(({ findings }) => findings);
  const offers = new Map<string, Set<SourceFile>>();
  for (const { findings } of list) {
    for (const { fix } of findings) {
      const shared = fix && mostShared(fix.edits, times);
      if (!shared) continue;
      const key = keyOfFix(fix);
      const from = offers.get(key);
      if (from) from.add(shared);
      else offers.set(key, new Set([shared]));
    }
  }
  return list.map(({ findings }) =>
    findings.map((finding) => {
      const { fix, ...rest } = finding;
      const shared = fix && mostShared(fix.edits, times);
      if (!shared || offers.get(keyOfFix(fix))!.size >= times.get(shared.path)!) return finding;
      return { ...rest, fixable: false };
    }),
  );
}

/** How often a file was read, by its path, where it was more than once. */
function timesOf(list: readonly Looked[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { files } of list) for (const { path } of files) times.set(path, (times.get(path) ?? 0) + 1);
  for (const [path, count] of times) if (count === 1) times.delete(path);
  return times;
}

function mostShared(
  edits: readonly { readonly file: SourceFile }[],
  times: ReadonlyMap<string, number>,
): SourceFile | undefined {
  const shared = edits.map(({ file }) => file).filter(({ path }) => times.has(path));
  return shared.toSorted((a, b) => times.get(b.path)! - times.get(a.path)!)[0];
}
