import type { Io, Progress } from '../io.ts';
import type { Watcher } from '../release/rollout/roll-out.ts';
import type { NodeReport } from '../release/rollout/outcome.ts';
import { type Row, renderTable } from './fleet-table.ts';
import { OUTCOMES } from './fleet-report.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible.ts';

interface Show extends Watcher {
  /** Leaves what was shown last. */
  end(): void;
}

/** How often times are counted on, in milliseconds. */
const TICK = 1000;

/**
 * Shows a roll-out on stderr: of one node what it does, of several a table that is drawn anew on a live terminal, and
 * elsewhere a line an event.
 */
export function showRollout(
  terminal: Terminal,
  io: Io,
  nodes: readonly string[],
  isAlone = nodes.length === 1,
): Show {
  if (isAlone) return showNode(io);
  return terminal.live ? showTable(terminal, nodes) : showLines(terminal);
}

function showNode(io: Io): Show {
  return {
    brings: () => undefined,
    progress: (_, progress) => io.notify(progress),
    settled: () => undefined,
    note: (progress) => io.notify(progress),
    end: () => undefined,
  };
}

function showLines(terminal: Terminal): Show {
  const style = terminal.noteStyle;
  const marks = { info: style.dim('·'), warn: style.yellow('!'), start: '…' };
  return {
    brings: (node, release) => terminal.note(`… ${node}: release ${release} is brought`),
    progress(node, { kind, text }) {
      // the next step, or the outcome, tells that one has ended
      if (kind !== 'done' && kind !== 'failed') terminal.note(`${marks[kind]} ${node}: ${visible(text)}`);
    },
    settled: (report) => terminal.note(settledLine(report, terminal)),
    note: ({ kind, text }) => terminal.note(`${kind === 'warn' ? marks.warn : marks.info} ${text}`),
    end: () => undefined,
  };
}

function settledLine({ node, outcome, after }: NodeReport, { noteStyle }: Terminal): string {
  const { sign, words } = OUTCOMES[outcome];
  return `${sign(noteStyle)} ${node}: ${words}${after === null ? '' : ` ${after}`}`;
}

function showTable(terminal: Terminal, nodes: readonly string[]): Show {
  const rows = new Map<string, Row>(nodes.map((node) => [node, { node, state: 'waiting' }]));
  let drawn = 0;
  const erase = (): string => (drawn === 0 ? '' : `\u001B[${drawn}A\u001B[J`);
  const draw = (above: readonly string[] = []): void => {
    const size = { width: process.stderr.columns || 80, height: process.stderr.rows || 24, now: Date.now() };
    const table = renderTable([...rows.values()], size, terminal.noteStyle);
    // what has been cut to fit must stay as wide
    const fitting = terminal.unicode ? table : table.map((line) => line.replaceAll('…', '~'));
    terminal.note(erase() + [...above, ...fitting].join('\n'));
    drawn = table.length;
  };
  const change = (node: string, with_: Partial<Row>): void => {
    rows.set(node, { ...rows.get(node)!, ...with_, node });
    draw();
  };
  const timer = setInterval(draw, TICK);
  timer.unref();
  const warn = ({ kind, text }: Progress): string =>
    `${kind === 'warn' ? terminal.noteStyle.yellow('!') : terminal.noteStyle.dim('·')} ${text}`;
  draw();
  return {
    brings: (node, release) =>
      change(node, {
        state: 'working',
        phase: 'its files are brought',
        release,
        since: Date.now(),
        until: undefined,
      }),
    progress(node, { kind, text }) {
      const { since, state } = rows.get(node)!;
      const begun = state === 'working' ? since : Date.now();
      if (kind === 'start')
        change(node, { state: 'working', phase: visible(text), since: begun, until: undefined });
      else if (kind === 'info' || kind === 'warn') draw([warn({ kind, text: `${node}: ${visible(text)}` })]);
    },
    settled: ({ node, outcome, after }) =>
      change(node, {
        state: outcome,
        phase: OUTCOMES[outcome].words,
        release: after ?? '',
        until: Date.now(),
      }),
    note: (progress) => draw([warn(progress)]),
    end() {
      clearInterval(timer);
      draw();
    },
  };
}
