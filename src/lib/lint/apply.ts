import type { SourceFile } from '../nginx/check/visit.ts';
import type { Finding } from './finding.ts';
import type { Edit, Fix } from './fix.ts';

/** A file with the fixes of some findings in it. */
interface Fixed {
  readonly file: SourceFile;
  readonly text: string;
}

/**
 * Puts fixes into the texts of their files. Of fixes that touch the same place the first one is taken, whole or not at
 * all; the others are for another run, over what came out of this one.
 */
export function applyFixes(findings: readonly Finding[]): Fixed[] {
  const taken = new Map<SourceFile, Edit[]>();
  for (const { fix } of findings) {
    if (!fix || fix.edits.some((edit) => taken.get(edit.file)?.some((other) => excludes(edit, other))))
      continue;
    for (const edit of fix.edits) {
      const edits = taken.get(edit.file);
      if (!edits) taken.set(edit.file, [edit]);
      // two findings may have one answer
      else if (!edits.some((other) => same(edit, other))) edits.push(edit);
    }
  }
  return [...taken].map(([file, edits]) => ({ file, text: edited(file.document.text, edits) }));
}

/** Whether two fixes do the same. */
export function sameFix(one: Fix, other: Fix): boolean {
  return (
    one.edits.length === other.edits.length &&
    one.edits.every((edit, index) => same(edit, other.edits[index]!))
  );
}

function same(one: Edit, other: Edit): boolean {
  return (
    one.file === other.file && one.start === other.start && one.end === other.end && one.text === other.text
  );
}

function excludes(one: Edit, other: Edit): boolean {
  if (same(one, other)) return false;
  // lines that follow each other can be taken out together
  if (one.start < one.end && other.start < other.end) return one.start < other.end && other.start < one.end;
  return one.start <= other.end && other.start <= one.end;
}

function edited(text: string, edits: readonly Edit[]): string {
  let done = 0;
  let result = '';
  for (const { start, end, text: put } of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(done, start) + put;
    done = end;
  }
  return result + text.slice(done);
}
