import type { Finding } from '../engine/finding.ts';
import type { Edit, Fix } from './fix.ts';

/** A file with the fixes of some findings in it. */
interface Fixed {
  /** As messages show it. */
  readonly name: string;
  readonly path: string;
  readonly before: string;
  readonly text: string;
}

/** What came of the fixes of some findings. */
export interface Applied {
  readonly files: readonly Fixed[];
  /** Those whose fix is in the texts. */
  readonly taken: readonly Finding[];
}

/**
 * Puts fixes into the texts of their files. Of fixes that touch the same place the first one is taken, whole or not at
 * all; the others are for another run, over what came out of this one.
 */
export function applyFixes(findings: readonly Finding[]): Applied {
  const files = new Map<string, Taken>();
  const taken: Finding[] = [];
  for (const finding of findings) {
    const { fix } = finding;
    if (!fix || !isSound(fix)) continue;
    if (fix.edits.some((edit) => files.get(edit.file.path)?.excludes(edit))) continue;
    for (const edit of fix.edits) {
      let file = files.get(edit.file.path);
      if (!file) files.set(edit.file.path, (file = new Taken()));
      file.add(edit);
    }
    taken.push(finding);
  }
  return {
    taken,
    files: [...files].map(([path, { edits }]) => {
      const { name, document } = edits[0]!.file;
      return { name, path, before: document.text, text: edited(document.text, edits) };
    }),
  };
}

/** The same for fixes that do the same to the same files, and for no others. */
export function keyOfFix({ edits }: Fix): string {
  return JSON.stringify(edits.map(({ file, start, end, text }) => [file.path, start, end, text]));
}

/** Whether the edits of a fix lie in their texts, leave each other alone, and change something. */
function isSound({ edits }: Fix): boolean {
  const changes = edits.some(({ file, start, end, text }) => file.document.text.slice(start, end) !== text);
  return (
    changes &&
    edits.every(
      (edit, index) =>
        edit.start >= 0 &&
        edit.start <= edit.end &&
        edit.end <= edit.file.document.text.length &&
        edits.slice(0, index).every((other) => other.file.path !== edit.file.path || !overlap(edit, other)),
    )
  );
}

/** How many characters of a text are one stretch of its map. */
const STRETCH = 4096;

/** Edits of a file that were taken, with a map that tells quickly which of them are near a place. */
class Taken {
  readonly edits: Edit[] = [];
  private readonly map = new Map<number, Edit[]>();

  /** Whether an edit cannot be made beside those that were taken. */
  excludes(edit: Edit): boolean {
    return stretches(edit).some((stretch) =>
      this.map.get(stretch)?.some((other) => touch(edit, other) && !same(edit, other)),
    );
  }

  add(edit: Edit): void {
    // two findings may have one answer
    if (this.map.get(stretches(edit)[0]!)?.some((other) => same(edit, other))) return;
    this.edits.push(edit);
    for (const stretch of stretches(edit)) {
      const near = this.map.get(stretch);
      if (near) near.push(edit);
      else this.map.set(stretch, [edit]);
    }
  }
}

function stretches({ start, end }: Edit): number[] {
  const first = Math.floor(start / STRETCH);
  // edits that only meet touch, too
  const last = Math.floor((end + 1) / STRETCH);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function same(one: Edit, other: Edit): boolean {
  return one.start === other.start && one.end === other.end && one.text === other.text;
}

function overlap(one: Edit, other: Edit): boolean {
  return one.start < other.end && other.start < one.end;
}

/** Whether two edits cannot be made side by side; lines that follow each other can be taken out together. */
function touch(one: Edit, other: Edit): boolean {
  if (one.start < one.end && other.start < other.end) return overlap(one, other);
  return one.start <= other.end && other.start <= one.end;
}

function edited(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, text: put } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(text.slice(done, start), put);
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}
