import type { Finding } from '../engine/finding.ts';
import { byFile, type Report, UNREADABLE_FILE } from './report.ts';
import { attribute } from './xml.ts';

/** Checkstyle's XML, which many build servers read. */
export function checkstyle({ findings, files, unreadable }: Report): string {
  const own = byFile(findings);
  const blocks = [
    ...files.map((file) => fileOf(file, (own.get(file) ?? []).map(errorOf))),
    ...unreadable.map((file) =>
      fileOf(file, [
        `<error line="1" column="1" severity="error" message="${attribute(`cannot read ${file}`)}" source="lbctl.${UNREADABLE_FILE}"/>`,
      ]),
    ),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<checkstyle version="4.3">',
    ...blocks,
    '</checkstyle>',
  ].join('\n');
}

function fileOf(name: string, errors: readonly string[]): string {
  return [`  <file name="${attribute(name)}">`, ...errors.map((error) => `    ${error}`), '  </file>'].join(
    '\n',
  );
}

function errorOf({ line, column, severity, message, rule }: Finding): string {
  return `<error line="${line}" column="${column}" severity="${severity}" message="${attribute(message)}" source="lbctl.${attribute(rule)}"/>`;
}
