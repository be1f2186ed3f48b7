import type { Style } from './style.ts';

/** A unified diff in the colours that people know from others. */
export function paintDiff(diff: string, style: Style): string {
  return diff.replace(/^(?:(---|\+\+\+) |(@@)|(-)|(\+)).*$/gmu, (line, file, hunk, removed) => {
    if (file) return style.bold(line);
    if (hunk) return style.cyan(line);
    return removed ? style.red(line) : style.green(line);
  });
}
