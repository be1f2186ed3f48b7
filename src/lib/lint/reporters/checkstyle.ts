import type { Finding } from '../finding.ts';
import { attribute } from './xml.ts';

/** Checkstyle's XML, which many build servers read. */
export function checkstyle(findings: readonly Finding[], files: readonly string[]): string {
  const blocks = files.map((file) => {
    const errors = findings
      .filter((finding) => finding.file === file)
      .map(
        ({ line, column, severity, message, rule }) =>
          `    <error line="${line}" column="${column}" severity="${severity}" message="${attribute(message)}" source="lbctl.${attribute(rule)}"/>`,
      );
    return [`  <file name="${attribute(file)}">`, ...errors, '  </file>'].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<checkstyle version="4.3">',
    ...blocks,
    '</checkstyle>',
  ].join('\n');
}
