import type { Finding } from '../engine/finding.ts';
import { FAILED_RULE } from '../engine/lint.ts';
import { byFile, type Report, UNREADABLE_FILE } from './report.ts';
import { attribute } from './xml.ts';

/**
 * JUnit's XML: a file is a test case, which fails by its errors and warnings. Infos are left out. A file that cannot be
 * read, and a rule that failed, are errors of the run.
 */
export function junit({ findings, files, unreadable }: Report): string {
  const own = byFile(findings.filter(({ severity }) => severity !== 'info'));
  const kinds = [...own.values()].map((list) => (list.some(isFailed) ? 'error' : 'failure'));
  const cases = [
    ...files.map((file) => caseOf(file, (own.get(file) ?? []).map(failureOf))),
    ...unreadable.map((file) =>
      caseOf(file, [`<error type="${UNREADABLE_FILE}" message="${attribute(`cannot read ${file}`)}"/>`]),
    ),
  ];
  const failures = kinds.filter((kind) => kind === 'failure').length;
  const errors = kinds.length - failures + unreadable.length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="lbctl lint" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function caseOf(file: string, outcomes: readonly string[]): string {
  const name = `classname="lbctl" name="${attribute(file)}"`;
  if (outcomes.length === 0) return `    <testcase ${name}/>`;
  return [`    <testcase ${name}>`, ...outcomes.map((outcome) => `      ${outcome}`), '    </testcase>'].join(
    '\n',
  );
}

function failureOf(finding: Finding): string {
  const { line, column, message, rule, hint } = finding;
  const element = isFailed(finding) ? 'error' : 'failure';
  return `<${element} type="${attribute(rule)}" message="${attribute(`${line}:${column} ${message}`)}">${attribute(hint ?? '')}</${element}>`;
}

function isFailed({ rule }: Finding): boolean {
  return rule === FAILED_RULE;
}
