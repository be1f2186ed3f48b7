import { UserError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import type { Finding, Severity } from './finding.ts';
import { isUnreadable } from './ignores.ts';
import { FAILED_RULE } from './lint.ts';
import { ruleIds } from '../rules/needed.ts';

/** Which findings are wanted, and how many of them are borne. */
export interface Selection {
  /** Rules or families; all where it is empty. */
  readonly only: readonly string[];
  /** The least severity that is told. */
  readonly severity: Severity;
  /** Warnings up to this number do not fail a run. */
  readonly maxWarnings: number;
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/**
 * Reads `--only`, `--severity` and `--max-warnings`.
 * @throws UserError `usage` where one of them names nothing that there is.
 */
export function readSelection(options: Readonly<Record<string, string | boolean | undefined>>): Selection {
  const { only, severity, maxWarnings } = options;
  return {
    only: typeof only === 'string' ? only.split(',').map((name) => knownRule(name.trim())) : [],
    severity: typeof severity === 'string' ? knownSeverity(severity) : 'info',
    maxWarnings: typeof maxWarnings === 'string' ? wholeNumber(maxWarnings) : 0,
  };
}

/** The findings that are wanted. A rule that failed, and a text that cannot be read, are told in any case. */
export function select(findings: readonly Finding[], { only, severity }: Selection): Finding[] {
  const least = SEVERITIES.indexOf(severity);
  return findings.filter((finding) => {
    if (finding.rule === FAILED_RULE || isUnreadable(finding.rule)) return true;
    const [family] = finding.rule.split('/');
    const named = only.length === 0 || only.includes(finding.rule) || only.includes(family!);
    return named && SEVERITIES.indexOf(finding.severity) >= least;
  });
}

function knownRule(name: string): string {
  const ids = ruleIds();
  const families = new Set(ids.map((id) => id.split('/')[0]!));
  if (ids.includes(name) || families.has(name)) return name;
  const short = ids.find((id) => id.split('/')[1] === name);
  if (short !== undefined) return short;
  const close = nearest(name, [...ids, ...families, ...ids.map((id) => id.split('/')[1]!)]);
  throw new UserError('usage', 'no-such-rule', `there is no rule ${name}`, {
    hint: close === undefined ? 'lbctl rules lists them' : `did you mean ${close}?`,
  });
}

function knownSeverity(name: string): Severity {
  const severity = SEVERITIES.find((one) => one === name);
  if (severity) return severity;
  throw new UserError('usage', 'bad-severity', `there is no severity ${name}`, {
    hint: 'severities are error, warning and info',
  });
}

function wholeNumber(text: string): number {
  if (/^\d+$/u.test(text)) return Number(text);
  throw new UserError('usage', 'bad-number', `--max-warnings takes a number, not ${text}`);
}
