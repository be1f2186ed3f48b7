import { type Report, UNREADABLE_FILE } from './report.ts';

/** One line a finding, as compilers print them: editors and grep can read it. */
export function compact({ findings, unreadable }: Report): string {
  return [
    ...findings.map(
      ({ file, line, column, severity, message, rule }) =>
        `${file}:${line}:${column}: ${severity}: ${message} [${rule}]`,
    ),
    ...unreadable.map((file) => `${file}:1:1: error: cannot read this file [${UNREADABLE_FILE}]`),
  ]
    .map(oneLine)
    .join('\n');
}

/** Whatever files are called and hold, a finding is one line, and steers no terminal. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/gu, '\uFFFD');
}
