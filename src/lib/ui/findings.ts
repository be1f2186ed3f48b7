import type { Finding, Severity } from '../lint/finding.ts';
import { renderCaret } from './caret.ts';
import type { Style } from './style.ts';
import { visible } from './visible.ts';

/** A finding as a person reads it: place, what is wrong, the line with a caret, what to do. */
export function renderFinding(finding: Finding, style: Style): string {
  const { file, line, column, severity, message, rule, hint, related } = finding;
  const lines = [
    `${style.bold(`${visible(file)}:${line}:${column}:`)} ${mark(severity, style)} ${visible(message)}  ${style.dim(rule)}`,
    ...renderCaret(finding, style),
  ];
  if (related) lines.push(`  ${visible(related.message)}: ${visible(related.file)}:${related.line}`);
  if (hint !== undefined) lines.push(`  ${style.cyan('hint:')} ${visible(hint)}`);
  return lines.join('\n');
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
