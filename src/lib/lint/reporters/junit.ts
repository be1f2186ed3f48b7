import type { Finding } from '../finding.ts';
import { attribute } from './xml.ts';

/** JUnit's XML: a file is a test case, which fails by its errors and warnings. Infos are left out. */
export function junit(findings: readonly Finding[], files: readonly string[]): string {
  const counted = findings.filter(({ severity }) => severity !== 'info');
  const cases = files.map((file) => {
    const own = counted.filter((finding) => finding.file === file);
    const name = `classname="lbctl" name="${attribute(file)}"`;
    if (own.length === 0) return `    <testcase ${name}/>`;
    const failures = own.map(
      ({ line, column, message, rule, hint }) =>
        `      <failure type="${attribute(rule)}" message="${attribute(`${line}:${column} ${message}`)}">${attribute(hint ?? '')}</failure>`,
    );
    return [`    <testcase ${name}>`, ...failures, '    </testcase>'].join('\n');
  });
  const failed = files.filter((file) => counted.some((finding) => finding.file === file)).length;
  const counts = `tests="${files.length}" failures="${failed}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="lbctl lint" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}
