import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** Names with what they mean, under a title. */
interface List {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, meaning: string])[];
}

/** What the help of a command, or of all, is made of. */
export interface HelpPage {
  readonly examples: List['rows'];
  readonly usage: string;
  readonly about: string;
  readonly lists: readonly List[];
  /** Where to read on. */
  readonly more: readonly string[];
}

/** What is more than this is hard to read, however wide a terminal is. */
const WIDEST = 100;

/** A page of help: examples come first, as most people look for nothing else. */
export function renderHelp(
  { examples, usage, about, lists, more }: HelpPage,
  style: Style,
  width: number,
): string {
  const room = Math.min(width, WIDEST);
  const parts = [
    renderList({ title: 'Examples', rows: examples }, style, room),
    wrap(usage, room, `${style.bold('Usage:')} `, '  ').join('\n'),
    wrap(about, room, '').join('\n'),
    ...lists.filter(({ rows }) => rows.length > 0).map((list) => renderList(list, style, room)),
    ...more.map((text) => wrap(text, room, '').join('\n')),
  ];
  return parts.join('\n\n');
}

/** Two columns, or where they have no room each meaning below its name. */
function renderList({ title, rows }: List, style: Style, width: number): string {
  const longest = Math.max(...rows.map(([name]) => name.length));
  const widest = Math.max(...rows.map(([, meaning]) => meaning.length));
  // commands are copied, so they stay whole; what stands beside the names may be wrapped
  const fits = longest + 4 + Math.min(widest, title === 'Examples' ? widest : 30) <= width;
  const lines = rows.flatMap(([name, meaning]) =>
    fits
      ? wrap(meaning, width, `  ${name.padEnd(longest)}  `, ' '.repeat(longest + 4))
      : [`  ${name.trimStart()}`, ...wrap(meaning, width, ' '.repeat(6))],
  );
  return [style.bold(`${title}:`), ...lines].join('\n');
}
