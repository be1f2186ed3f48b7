import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** What is more than this is hard to read, however wide a terminal is. */
const WIDEST = 80;

/** A page in Markdown for a terminal: headings, paragraphs, lists, tables and code, as pages of ours have them. */
export function renderMarkdown(page: string, style: Style, width: number): string {
  const room = Math.min(width, WIDEST);
  const parts = [...page.matchAll(PARTS)].map(([part]) => renderPart(part.trimEnd(), style, room));
  return parts.join('\n\n');
}

/** Code between fences, or what stands between blank lines. */
const PARTS = /^```[^\n]*\n.*?^```$|(?:^(?!```)[^\n]+(?:\n|$))+/gmsu;

function renderPart(part: string, style: Style, width: number): string {
  if (part.startsWith('```')) return renderCode(part, style);
  if (part.startsWith('    ')) return part;
  const heading = /^#+ (.*)$/u.exec(part);
  if (heading) return style.bold(heading[1]!);
  if (part.startsWith('|')) return inline(renderTable(part, width), style);
  const lines = part
    .split(/\n(?=- |\d+\. )/u)
    .flatMap((item) =>
      wrap(linked(item.replaceAll(/\s*\n\s*/gu, ' ')), width, '', /^(?:- |\d)/u.test(item) ? '  ' : ''),
    );
  return inline(lines.join('\n'), style);
}

/** A block below what it shows: something wrong or right, for which NGINX. */
function renderCode(part: string, style: Style): string {
  const [fence = '', ...lines] = part.split('\n');
  const [, kind = '', ...info] = fence.split(' ');
  const code = lines.slice(0, -1).map((line) => (line === '' ? '' : `    ${line}`));
  const label = [KINDS[kind], ...info.map(circumstance)].filter((text) => text !== undefined).join(', ');
  if (kind === 'bad') code.unshift(style.red(`${label}:`));
  if (kind === 'good') code.unshift(style.green(`${label}:`));
  return code.join('\n');
}

const KINDS: Readonly<Record<string, string>> = { bad: 'wrong', good: 'right' };

/** A word behind the name of a block's language, such as `target=1.28`. */
function circumstance(word: string): string | undefined {
  const [name = '', value = ''] = word.split('=');
  if (name === 'target') return `NGINX ${value}`;
  if (name === 'plus') return 'NGINX Plus';
  return name === 'behind' || name === 'context' ? `${name === 'context' ? 'in' : name} ${value}` : undefined;
}

/** Columns one below the other; the last one is wrapped. */
function renderTable(part: string, width: number): string {
  const rows = part
    .split('\n')
    .filter((row) => !/^\|[\s|:-]+$/u.test(row))
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => linked(cell.trim())),
    );
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const start = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  // where little room is left for the last column, cells stand below each other
  if (start > width / 2)
    return rows
      .flatMap(([first = '', ...cells]) => [
        first,
        ...cells.filter((cell) => cell !== '').flatMap((cell) => wrap(cell, width, '    ')),
      ])
      .join('\n');
  return rows
    .flatMap((row) => {
      const start = row
        .slice(0, -1)
        .map((cell, column) => `${cell.padEnd(widths[column]!)}  `)
        .join('');
      return wrap(row.at(-1) ?? '', width, start, ' '.repeat(start.length));
    })
    .join('\n');
}

/** Links by their texts; addresses of the web stand behind them. */
function linked(text: string): string {
  return text.replaceAll(/\[([^\]]+)\]\(([^)]+)\)/gu, (_, words: string, target: string) =>
    /^https?:/u.test(target) ? `${words} (${target})` : words,
  );
}

/** Code and what matters within a text; without colours code keeps its marks. */
function inline(text: string, style: Style): string {
  const isPlain = style.cyan('x') === 'x';
  return text
    .replaceAll(/\*\*([^*]+)\*\*/gu, (_, words: string) => style.bold(words))
    .replaceAll(/`([^`]+)`/gu, (mark, code: string) => (isPlain ? mark : style.cyan(code)));
}
