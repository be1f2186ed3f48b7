import type { Finding } from '../../lint/engine/finding.ts';
import { FAILED_RULE } from '../../lint/engine/lint.ts';
import type { LintResult } from './run.ts';
import type { LintRequest } from './settings.ts';
import type { NginxFile } from '../nginx-files.ts';

/** What is left of the findings when those that are known and those on unchanged lines are taken off. */
interface Narrowed {
  readonly wanted: readonly Finding[];
  /** Findings that the baseline holds; undefined without one. */
  readonly known?: readonly Finding[];
  /** What the baseline holds and is not found any more. */
  readonly gone?: readonly Gone[];
  /** How many findings were written into the baseline; undefined where it was left as it is. */
  readonly written?: number | undefined;
}

/** Findings of a rule in a file that are not there any more. */
export interface Gone {
  readonly file: string;
  readonly rule: string;
  readonly count: number;
}

/**
 * Loads what was asked for and no more.
 * @param texts what stands in the place of some files' own, by their paths.
 */
export async function narrowed(
  result: LintResult,
  { baseline, changed }: LintRequest,
  { list, texts }: { readonly list: readonly NginxFile[]; readonly texts: ReadonlyMap<string, string> },
): Promise<Narrowed> {
  const onlyChanged = async (findings: readonly Finding[]): Promise<readonly Finding[]> => {
    if (!changed) return findings;
    const { onChangedLines } = await import('./changed-lines.ts');
    const named = list.map(({ path }) => path);
    return onChangedLines(findings, result.sources, { ...changed, named, texts });
  };
  if (!baseline) return { wanted: await onlyChanged(result.findings) };
  const { compare, readBaseline, updateBaseline } = await import('./baseline.ts');
  const { path, name } = baseline;
  // a rule that failed has not said what it knows
  const failed = result.findings.some(({ rule }) => rule === FAILED_RULE);
  const updates = baseline.update && !failed;
  const held = updates ? await updateBaseline(path, name, result) : readBaseline(path, name);
  const { fresh, known, gone } = compare(held, result);
  return {
    wanted: await onlyChanged(fresh),
    known: await onlyChanged(known),
    gone: counted(gone),
    written: updates ? held.known.length : undefined,
  };
}

function counted(gone: readonly { readonly file: string; readonly rule: string }[]): Gone[] {
  const counts = new Map<string, Gone>();
  for (const { file, rule } of gone) {
    const key = `${rule} ${file}`;
    counts.set(key, { file, rule, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}
