import type { NodeReport, Outcome } from '../release/rollout/outcome.ts';
import type { Style } from './style.ts';
import { visible, visibleLines } from './visible.ts';

interface Words {
  readonly sign: (style: Style) => string;
  /** In front of the release that serves, where it is known. */
  readonly words: string;
  readonly isBad: boolean;
}

const good = (style: Style) => style.green('✓');
const plain = (style: Style) => style.dim('·');
const bad = (style: Style) => style.red('✗');

export const OUTCOMES: Readonly<Record<Outcome, Words>> = {
  kept: { sign: good, words: 'serves', isBad: false },
  current: { sign: plain, words: 'serves already', isBad: false },
  'rolled-back': { sign: plain, words: 'rolled back to', isBad: false },
  'not-begun': { sign: plain, words: 'not begun, serves', isBad: false },
  'not-rolled-back': { sign: bad, words: 'not rolled back, serves', isBad: true },
  undone: { sign: bad, words: 'taken back to', isBad: true },
  refused: { sign: bad, words: 'refused, serves', isBad: true },
  stuck: { sign: bad, words: 'stuck', isBad: true },
  lost: { sign: bad, words: 'lost', isBad: true },
  unreachable: { sign: bad, words: 'cannot be reached', isBad: true },
  left: { sign: plain, words: 'has left its group', isBad: false },
};

/** How a roll-out left its nodes: those of one kind in a line, and each that failed with its reason. */
export function renderReports(reports: readonly NodeReport[], style: Style): string {
  const groups = new Map<string, string[]>();
  for (const { outcome, after, node, error } of reports) {
    if (error) continue;
    const { sign, words } = OUTCOMES[outcome];
    const title = `${sign(style)} ${words} ${after ?? 'what was there before lbctl came'}`;
    groups.set(title, [...(groups.get(title) ?? []), node]);
  }
  return [
    ...[...groups].map(([title, nodes]) => `${title}: ${nodes.join(', ')}`),
    ...reports.flatMap((report) => failureLines(report, style)),
  ].join('\n');
}

function failureLines({ outcome, error }: NodeReport, style: Style): string[] {
  if (!error) return [];
  return [
    `${OUTCOMES[outcome].sign(style)} ${visibleLines(error.message)}`,
    ...error.evidence.map((line) => `  ${style.dim('|')} ${visible(line)}`),
    ...(error.hint === undefined ? [] : [`  ${style.cyan('hint:')} ${visibleLines(error.hint)}`]),
  ];
}

/** The keys of a node in `--json`. */
export function reportDocument({ node, outcome, before, after, error }: NodeReport): Record<string, unknown> {
  const evidence = error ? { evidence: [error.message, ...error.evidence] } : {};
  return { node, outcome, before, after, ...evidence };
}
