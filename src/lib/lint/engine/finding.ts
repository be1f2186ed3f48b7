import type { Fix } from '../fixes/fix.ts';

export type Severity = 'error' | 'warning' | 'info';

/** One thing that a rule found. Lines and columns count from 1; the end column is exclusive. */
export interface Finding {
  /** Family and name, such as `syntax/value`; stable. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly fixable: boolean;
  /** The one safe answer, where there is one. */
  readonly fix?: Fix;
  /** The page of the rule. */
  readonly url: string;
  /** Text of `line`, for showing it with a caret. */
  readonly sourceLine: string;
  /** Another place that explains this one. */
  readonly related?: { readonly message: string; readonly file: string; readonly line: number };
}
