import type { Fault, SourceFile } from '../nginx/check/visit.ts';
import type { Comment, Statement } from '../nginx/syntax/tree.ts';

/** A comment that tells lint to leave something alone. */
interface Ignore {
  readonly file: SourceFile;
  readonly comment: Comment;
  /** Rules by their names, with or without the family. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** Offsets of the line it is for; undefined for the whole file. */
  readonly line: { readonly start: number; readonly end: number } | undefined;
}

const UNREADABLE = /^syntax\/(?:missing-semicolon|missing-brace|unclosed-quote|unexpected|lb-yaml)$/u;

/** Whether a rule says that a text could not be read as it was meant: nothing can be said of the rest then. */
export function isUnreadable(rule: string): boolean {
  return UNREADABLE.test(rule);
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
  const used = new Set<Ignore>();
  const left: (F | Fault)[] = faults.filter((fault) => {
    const matching = ignores.filter((ignore) => isFor(ignore, fault));
    for (const ignore of matching) used.add(ignore);
    return matching.length === 0;
  });
  for (const ignore of ignores) {
    if (!used.has(ignore) && !ignore.rules.some((name) => off.some((rule) => isCalled(rule, name))))
      left.push(told(ignore, 'style/unused-ignore', 'this comment leaves nothing alone', 'remove it'));
    if (ignore.reason === '')
      left.push(
        told(ignore, 'style/ignore-without-reason', 'this comment gives no reason', 'say why behind --'),
      );
  }
  return left;
}

function isFor({ file, rules, line }: Ignore, fault: Fault): boolean {
  if (fault.file !== file || isUnreadable(fault.rule) || fault.rule.startsWith('lint/')) return false;
  if (line && (fault.start < line.start || fault.start > line.end)) return false;
  return rules.some((rule) => isCalled(fault.rule, rule));
}

function isCalled(id: string, name: string): boolean {
  return id === name || id.split('/')[1] === name;
}

function told({ file, comment }: Ignore, rule: string, message: string, hint: string): Fault {
  return { rule, message, hint, file, start: comment.start, end: comment.end };
}

function ignoresIn(file: SourceFile): Ignore[] {
  const { text, statements } = file.document;
  if (!text.includes('lbctl-ignore-')) return [];
  return commentsIn(statements).flatMap((comment) => {
    const match = WORDS.exec(comment.text);
    if (!match) return [];
    const [names = '', ...reason] = match[2]!.split(/\s--(?:\s|$)/u);
    return {
      file,
      comment,
      rules: names.split(/[\s,]+/u).filter((name) => name !== ''),
      reason: reason.join(' -- ').trim(),
      line: match[1] === 'file' ? undefined : nextLine(text, comment.end),
    };
  });
}

/** The next line that holds more than white space and comments. */
function nextLine(text: string, from: number): { readonly start: number; readonly end: number } {
  const line = /\n[ \t\r]*(?:#[^\n]*)?(?=\n)/uy;
  let at = from;
  for (line.lastIndex = at; line.test(text); line.lastIndex = at) at = line.lastIndex;
  const start = text.indexOf('\n', at) + 1;
  if (start === 0) return { start: text.length, end: text.length };
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
