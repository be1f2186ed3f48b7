import type { Finding } from '../engine/finding.ts';
import { type Report, UNREADABLE_FILE } from './report.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Commands of GitHub's workflows, which show findings beside the lines of a change. */
export function github({ findings, unreadable }: Report): string {
  return [
    ...findings.map(annotation),
    ...unreadable.map(
      (file) => `::error file=${property(file)},title=${UNREADABLE_FILE}::${data(`cannot read ${file}`)}`,
    ),
  ].join('\n');
}

function annotation({
  file,
  line,
  endLine,
  column,
  endColumn,
  severity,
  message,
  hint,
  rule,
}: Finding): string {
  // columns are shown only within one line
  const columns = line === endLine ? `,col=${column},endColumn=${Math.max(column + 1, endColumn)}` : '';
  const place = `file=${property(file)},line=${line},endLine=${endLine}${columns},title=${property(rule)}`;
  const text = hint === undefined ? message : `${message}\n${hint}`;
  return `::${COMMANDS[severity]} ${place}::${data(text)}`;
}

/** What the runner would take for an end of the command is written in percent. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
