import type { Finding } from '../engine/finding.ts';

/** What a run has found, for other programs. */
export interface Report {
  readonly findings: readonly Finding[];
  /** Names of all files that were looked at. */
  readonly files: readonly string[];
  /** Names of those that could not be read: they are told in every form, as nothing is known of them. */
  readonly unreadable: readonly string[];
  /** Absolute path of the folder that names are relative to. */
  readonly cwd: string;
  /** The exit code that the run will have. */
  readonly exitCode: number;
  /** The page of a rule, in Markdown; undefined where there is none. */
  readonly page: (rule: string) => string | undefined;
}

/** Stands for a rule where a file could not be read. */
export const UNREADABLE_FILE = 'lint/unreadable-file';

/** Findings by the name of their file. */
export function byFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    const own = found.get(finding.file);
    if (own) own.push(finding);
    else found.set(finding.file, [finding]);
  }
  return found;
}
