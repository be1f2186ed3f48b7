import type { BuiltStatement, Origin } from '../nginx/build.ts';
import { readFragment } from '../nginx/fragment.ts';

/** Raw directives of lb.yaml, laid out like the rest; they were found whole when lb.yaml was checked. */
export function parseSnippet(text: string | undefined, path: Origin['path']): BuiltStatement[] {
  if (text === undefined) return [];
  const read = readFragment(text, path);
  return 'statements' in read ? read.statements : [];
}
