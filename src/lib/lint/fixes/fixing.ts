import { type Applied, applyFixes, keyOfFix } from './apply.ts';
import type { Finding } from '../engine/finding.ts';

/** What one look at the files found. */
export interface Seen {
  /** Findings that the user wants to hear of; only their fixes are taken. */
  readonly told: readonly Finding[];
  /** All of them. */
  readonly all: readonly Finding[];
}

/** Lints, with other texts in the place of those of files, by their paths. */
export type Look<S extends Seen> = (texts: ReadonlyMap<string, string>) => S | Promise<S>;

/** A file that fixes have changed. */
export interface FixedFile {
  readonly name: string;
  readonly path: string;
  readonly before: string;
  readonly text: string;
  /** How many findings were mended in it. */
  readonly count: number;
}

interface Fixing<S extends Seen> {
  /** What is left. */
  readonly seen: S;
  readonly files: readonly FixedFile[];
  /** Findings whose fix NGINX would not take. */
  readonly leftOut: readonly Finding[];
}

/** A fix may uncover something else that has one; what goes on and on is a quarrel of two rules. */
const PASSES = 10;

/** Looks at the files at most: to find which one of many fixes does harm takes several. */
const LOOKS = 64;

/**
 * Mends what has one safe answer, over and over until nothing is left to mend. A fix after which something is found
 * that NGINX would refuse is left out.
 * @param mayChange whether a file may be written to.
 */
export async function fixAll<S extends Seen>(
  look: Look<S>,
  mayChange: (path: string) => boolean,
): Promise<Fixing<S>> {
  const files = new Map<string, FixedFile>();
  const refused = new Map<string, Finding>();
  let seen = await look(new Map());
  let passes = 0;
  /** How many fixes are tried at once: fewer while one that does harm is looked for. */
  let most = Infinity;
  for (let looks = 0; passes < PASSES && looks < LOOKS; looks++) {
    const applied = applyFixes(wanted().slice(0, most));
    const { taken } = applied;
    if (taken.length === 0) break;
    const texts = new Map([...files.values(), ...applied.files].map(({ path, text }) => [path, text]));
    const next = await look(texts);
    if (!isWorse(seen, next)) {
      keep(applied);
      seen = next;
      if (most === Infinity) passes++;
    } else if (taken.length > 1) {
      most = Math.ceil(taken.length / 2);
    } else {
      refused.set(nameOf(taken[0]!), taken[0]!);
      most = Infinity;
    }
  }
  return { seen, files: [...files.values()], leftOut: [...refused.values()] };

  function wanted(): Finding[] {
    return seen.told.filter(
      (finding) =>
        finding.fix?.edits.every(({ file }) => mayChange(file.path)) && !refused.has(nameOf(finding)),
    );
  }

  function keep(applied: Applied): void {
    for (const { name, path, before, text } of applied.files) {
      const known = files.get(path);
      const own = applied.taken.filter(({ fix }) => fix!.edits[0]!.file.path === path);
      // a file that has two names is told of by both
      const count = new Set(own.map(({ rule, fix }) => `${rule} ${keyOfFix(fix!)}`)).size;
      files.set(path, {
        name,
        path,
        before: known?.before ?? before,
        text,
        count: count + (known?.count ?? 0),
      });
    }
  }
}

/** A finding wherever it stands, as lines move while others are mended. */
function nameOf({ rule, file, message, sourceLine, fix }: Finding): string {
  return JSON.stringify([rule, file, message, sourceLine, fix!.title]);
}

/** Whether NGINX would refuse something that it would have taken, or a rule fails that did not. */
function isWorse(before: Seen, after: Seen): boolean {
  const known = new Map<string, number>();
  for (const name of refusalsOf(before)) known.set(name, (known.get(name) ?? 0) + 1);
  return refusalsOf(after).some((name) => {
    const left = known.get(name) ?? 0;
    known.set(name, left - 1);
    return left === 0;
  });
}

function refusalsOf({ all }: Seen): string[] {
  return all
    .filter(({ rule }) => rule.startsWith('syntax/') || rule.startsWith('lint/'))
    .map(({ rule, file, message }) => JSON.stringify([rule, file, message]));
}
