import { readFileSync } from 'node:fs';
import type { Finding } from '../../src/lib/lint/engine/finding.ts';

const PAGE = new URL('../../docs/defended-findings.md', import.meta.url);

/** A row of a table: file, lines and rule, and the sentence. */
const ROW = /^\| (?<place>\S+ \| \d+(?:, \d+)* \| \w+\/[a-z0-9-]+) \| (?<why>.+) \|$/u;

/** What a section of docs/defended-findings.md defends: `file | lines | rule`, in the order of the text. */
export function defendedIn(section: string): string[] {
  const [, text = ''] = readFileSync(PAGE, 'utf8').split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  // the first two lines of a table are its head
  const rows = own.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => {
    const match = ROW.exec(row);
    if (!match) throw new Error(`a row without a place or a sentence: ${row}`);
    return match.groups!['place']!;
  });
}

/** Findings above info as the page has them, one for each rule of a file. */
export function placesOf(findings: readonly Finding[]): string[] {
  const lines = new Map<
    string,
    { readonly file: string; readonly rule: string; readonly lines: Set<number> }
  >();
  for (const { file, rule, line, severity } of findings) {
    // advisories speak of the release
    if (severity === 'info' || rule.startsWith('cve/')) continue;
    const key = `${file} ${rule}`;
    const known = lines.get(key) ?? { file, rule, lines: new Set() };
    lines.set(key, known);
    known.lines.add(line);
  }
  return [...lines.values()].map((one) => `${one.file} | ${[...one.lines].join(', ')} | ${one.rule}`);
}
