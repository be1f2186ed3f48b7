import type { Finding, Severity } from '../lint/engine/finding.ts';
import { renderCaret } from './caret.ts';
import type { Style } from './style.ts';
import { visible } from './visible.ts';
import { wrap } from './wrap.ts';

/** How findings are shown. */
interface Showing {
  readonly style: Style;
  /** Columns that there are. */
  readonly width: number;
  /** What a rule is about, in one line. */
  readonly summaryOf: (rule: string) => string | undefined;
}

/**
 * Findings as a person reads them: place, what is wrong, the line with a caret, what to do. What a rule is about and
 * where to read on is said once, its hint once a file.
 */
export function renderFindings(findings: readonly Finding[], { style, width, summaryOf }: Showing): string {
  const told = new Set<string>();
  const first = (...key: readonly string[]): boolean => told.size < told.add(key.join('\0')).size;
  let file = findings[0]?.file;
  return findings
    .map((finding) => {
      const { rule, message, hint, related, fix } = finding;
      const lines = file === finding.file ? [] : [''];
      file = finding.file;
      lines.push(headOf(finding, style), ...renderCaret(finding, style, width));
      const say = (label: string, text: string): void => {
        // a command is copied, and stays one line
        const room = /\blbctl \S/u.test(text) ? Infinity : width;
        const [start = '', ...more] = wrap(visible(text), room, `  ${label}: `, '    ');
        lines.push(`  ${style.cyan(`${label}:`)}${start.slice(label.length + 3)}`, ...more);
      };
      const isNew = first(rule);
      const summary = isNew ? summaryOf(rule) : undefined;
      if (related) lines.push(`  ${visible(related.message)}: ${visible(related.file)}:${related.line}`);
      if (summary !== undefined && summary !== message) say('why', summary);
      if (hint !== undefined && first(file, rule, hint)) say('hint', hint);
      if (fix) say('fix', `${fix.title} (--fix does it)`);
      // what is lbctl's own has no page
      if (isNew && !rule.startsWith('lint/')) say('page', `lbctl rules ${rule}`);
      return lines.join('\n');
    })
    .join('\n');
}

function headOf({ file, line, column, severity, message, rule }: Finding, style: Style): string {
  return `${style.bold(`${visible(file)}:${line}:${column}:`)} ${mark(severity, style)} ${visible(message)}  ${style.dim(rule)}`;
}

/** From so many findings on they are counted by their rules, too. */
const MANY = 20;

/** How often each rule speaks, the most frequent first; nothing where that can be seen anyway. */
export function renderCounts(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  if (findings.length < MANY || counts.size === 1) return '';
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([rule, count]) => `${String(count).padStart(7)}  ${rule}`)
    .join('\n');
}

function mark(severity: Severity, style: Style): string {
  if (severity === 'error') return style.red('error:');
  return severity === 'warning' ? style.yellow('warning:') : style.cyan('info:');
}

/** How many findings of each kind there are. */
export interface Summary {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Findings that a baseline holds. */
  readonly known?: number;
  /** Files that .lbctlrc.yaml leaves out. */
  readonly ignored?: number;
}

export function summaryOf(files: number, findings: readonly Finding[]): Summary {
  const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  return { files, errors: count('error'), warnings: count('warning'), infos: count('info') };
}

/** One line that counts. */
export function renderSummary({ files, errors, warnings, infos, known = 0, ignored = 0 }: Summary): string {
  const parts = [
    errors > 0 ? many(errors, 'error') : '',
    warnings > 0 ? many(warnings, 'warning') : '',
    infos > 0 ? many(infos, 'info') : '',
  ].filter((part) => part !== '');
  const found = `${parts.length === 0 ? 'nothing found' : parts.join(', ')} in ${many(files, 'file')}`;
  const left = [
    known > 0 ? many(known, 'known finding') : '',
    ignored > 0 ? many(ignored, 'ignored file') : '',
  ].filter((part) => part !== '');
  return left.length === 0 ? found : `${found}; ${left.join(' and ')} left out`;
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** How many of the findings lint can mend itself; nothing where there are none. */
export function renderFixable(count: number): string {
  if (count === 0) return '';
  return `--fix mends ${count} of them; --fix-dry-run shows how`;
}

/** Files whose braces, quotes or semicolons do not go together; nothing where there are none. */
export function renderBroken(files: readonly string[]): string {
  if (files.length === 0) return '';
  const who = files.length === 1 ? visible(files[0]!) : many(files.length, 'file');
  return `${who} cannot be read as it is meant; what else is told of it may change once that is mended`;
}

/** What fixes did, or would do: a line a file, and what was left out. */
export function renderFixes({ files, leftOut }: FixesTold, done: 'fixed' | 'would be fixed'): string {
  return [
    ...files.map(({ file, count }) => `  ${visible(file)}: ${count} ${done}`),
    ...leftOut.map(
      ({ rule, file, line }) =>
        `  ${visible(file)}:${line}: the fix of ${rule} is left out, as NGINX would refuse the result`,
    ),
  ].join('\n');
}

interface FixesTold {
  readonly files: readonly { readonly file: string; readonly count: number }[];
  readonly leftOut: readonly { readonly rule: string; readonly file: string; readonly line: number }[];
}
