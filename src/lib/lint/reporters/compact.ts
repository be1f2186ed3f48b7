import type { Finding } from '../finding.ts';

/** One line a finding, as compilers print them: editors and grep can read it. */
export function compact(findings: readonly Finding[]): string {
  return findings
    .map(
      ({ file, line, column, severity, message, rule }) =>
        `${file}:${line}:${column}: ${severity}: ${message} [${rule}]`,
    )
    .join('\n');
}
