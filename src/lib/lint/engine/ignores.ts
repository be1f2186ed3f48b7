import type { Fault, SourceFile } from '../../nginx/check/visit.ts';
import type { Comment, Statement } from '../../nginx/syntax/tree.ts';

/** A comment that tells lint to leave something alone. */
interface Ignore {
  readonly file: SourceFile;
  readonly comment: Comment;
  /** Rules by their names, with or without the family. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** The line it is for; undefined for the whole file. */
  readonly line: Line | undefined;
}

/** Offsets of a line. */
interface Line {
  readonly start: number;
  readonly end: number;
}

const UNREADABLE: ReadonlySet<string> = new Set([
  'syntax/missing-semicolon',
  'syntax/missing-brace',
  'syntax/unclosed-quote',
  'syntax/unexpected',
  'syntax/lb-yaml',
]);

/** Whether a rule says that a text could not be read as it was meant: nothing can be said of the rest then. */
export function isUnreadable(rule: string): boolean {
  return UNREADABLE.has(rule);
}

const WORDS = /^#\s*lbctl-ignore-(next-line|file)\b(.*)$/u;

/**
 * Takes out what comments tell lint to leave alone:
 *
 *     # lbctl-ignore-next-line RULE, RULE -- why
 *     # lbctl-ignore-file RULE -- why
 *
 * A comment without a reason, and one that nothing is left alone by, are told in turn.
 * @param off rules that do not speak; a comment for one may be needed again.
 */
export function withoutIgnored<F extends Fault>(
  faults: readonly F[],
  files: readonly SourceFile[],
  off: readonly string[],
): (F | Fault)[] {
  const ignores = files.flatMap(ignoresIn);
  if (ignores.length === 0) return [...faults];
  const places = placesOf(ignores);
  const left: (F | Fault)[] = faults.filter((fault) => !isIgnored(fault, places.get(fault.file)));
  for (const ignore of ignores) {
    const { used } = places.get(ignore.file)!;
    const isUsed = ignore.rules.some((name) => used.has(keyOf(ignore.line?.start, name)));
    if (!isUsed && !ignore.rules.some((name) => off.some((rule) => namesOf(rule).includes(name))))
      left.push(told(ignore, 'style/unused-ignore', 'this comment leaves nothing alone', 'remove it'));
    if (ignore.reason === '')
      left.push(
        told(ignore, 'style/ignore-without-reason', 'this comment gives no reason', 'say why behind --'),
      );
  }
  return left;
}

/** What the comments of one file are for, so that many faults find their way through many comments. */
interface Places {
  /** Lines with the rules that are to be silent in them, and rules that are in the whole file. */
  readonly keys: Set<string>;
  /** Those of them that a fault was found for. */
  readonly used: Set<string>;
  /** Where the lines end, by where they start. */
  readonly lines: Map<number, number>;
  /** Where the lines start, in their order. */
  starts: readonly number[];
}

function keyOf(line: number | undefined, rule: string): string {
  return `${line ?? 'file'} ${rule}`;
}

/** A rule is called by its name with or without the family. */
function namesOf(rule: string): string[] {
  return [rule, rule.slice(rule.indexOf('/') + 1)];
}

function placesOf(ignores: readonly Ignore[]): Map<SourceFile, Places> {
  const files = new Map<SourceFile, Places>();
  for (const { file, line, rules } of ignores) {
    let places = files.get(file);
    if (!places)
      files.set(file, (places = { keys: new Set(), used: new Set(), lines: new Map(), starts: [] }));
    for (const rule of rules) places.keys.add(keyOf(line?.start, rule));
    if (line) places.lines.set(line.start, line.end);
  }
  for (const places of files.values()) places.starts = [...places.lines.keys()].toSorted((a, b) => a - b);
  return files;
}

function isIgnored({ rule, start }: Fault, places: Places | undefined): boolean {
  if (!places || isUnreadable(rule) || rule.startsWith('lint/')) return false;
  const line = lineAt(places, start);
  const keys = namesOf(rule)
    .flatMap((name) => [keyOf(undefined, name), ...(line === undefined ? [] : [keyOf(line, name)])])
    .filter((key) => places.keys.has(key));
  for (const key of keys) places.used.add(key);
  return keys.length > 0;
}

/** Where the line starts that a place is in, of those that comments are for. */
function lineAt({ starts, lines }: Places, at: number): number | undefined {
  let low = 0;
  for (let high = starts.length; low < high;) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  const start = starts[low - 1];
  return start !== undefined && at <= lines.get(start)! ? start : undefined;
}

function told({ file, comment }: Ignore, rule: string, message: string, hint: string): Fault {
  return { rule, message, hint, file, start: comment.start, end: comment.end };
}

function ignoresIn(file: SourceFile): Ignore[] {
  const { text, statements } = file.document;
  if (!text.includes('lbctl-ignore-')) return [];
  // from the end, as comments in a row are for the same line
  const next = new Map<number, Line>();
  return commentsIn(statements)
    .toSorted((a, b) => b.start - a.start)
    .flatMap((comment) => {
      const match = WORDS.exec(comment.text);
      if (!match) return [];
      const [names = '', ...reason] = match[2]!.split(/\s--(?:\s|$)/u);
      return {
        file,
        comment,
        rules: names.split(/[\s,]+/u).filter((name) => name !== ''),
        reason: reason.join(' -- ').trim(),
        line: match[1] === 'file' ? undefined : nextLine(text, comment.end, next),
      };
    });
}

/** The next line that holds more than white space and comments. */
function nextLine(text: string, from: number, known: Map<number, Line>): Line {
  const line = /\n[ \t\r]*(?:#[^\n]*)?(?=\n)/uy;
  const end = text.indexOf('\n', from);
  if (end < 0) return { start: text.length, end: text.length };
  let at = end;
  for (line.lastIndex = at; !known.has(at) && line.test(text); line.lastIndex = at) at = line.lastIndex;
  const found = known.get(at) ?? lineFrom(text, at + 1);
  known.set(end, found);
  return found;
}

function lineFrom(text: string, start: number): Line {
  const end = text.indexOf('\n', start);
  return { start, end: end < 0 ? text.length : end };
}

function commentsIn(statements: readonly Statement[]): Comment[] {
  const found: Comment[] = [];
  const pending: Statement[] = [...statements];
  for (let statement = pending.pop(); statement; statement = pending.pop()) {
    if (statement.kind === 'comment') found.push(statement);
    if (statement.kind !== 'directive') continue;
    for (const comment of statement.comments ?? []) found.push(comment);
    for (const inner of statement.block?.statements ?? []) pending.push(inner);
  }
  return found;
}
