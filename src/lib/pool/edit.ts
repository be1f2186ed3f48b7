import { isDeepStrictEqual } from 'node:util';
import type { Path } from '../balancer/place.ts';
import { parseSource, type Source, valueAt } from '../balancer/source.ts';
import { UserError } from '../errors.ts';
import {
  commaIn,
  type Item,
  layoutOf,
  lineEnd,
  lineStart,
  type ListLayout,
  withoutLines,
} from '../balancer/layout.ts';

/** A server as it is written into lb.yaml; keys that are left out keep their defaults. */
export interface NewServer {
  readonly address: string;
  readonly weight?: number;
  readonly max_conns?: number;
  readonly backup?: true;
}

/** Text that a server is to be put into, or taken out of. */
interface Edited {
  readonly source: Source;
  /** For messages. */
  readonly file: string;
  readonly upstream: string;
}

/**
 * The text of lb.yaml with a server more at the end of an upstream, laid out as its last one; all else stays as it is.
 * @throws UserError `input` where that cannot be done so that nothing else changes.
 */
export function withServer(edited: Edited, server: NewServer): string {
  const { source, upstream } = edited;
  const path = listPath(source, upstream);
  const list = valueAt(source.data, path) as unknown[];
  const plain = Object.keys(server).length === 1 && typeof list.at(-1) === 'string';
  const value = plain ? server.address : { ...server };
  const text = insert(source, path, layoutOf(source, path, list.length), server);
  return checked(edited, text, [...list, value], `add ${server.address} to`);
}

/**
 * The text of lb.yaml without a server of an upstream, with the comments around it; all else stays as it is.
 * @throws UserError `input` where that cannot be done so that nothing else changes.
 */
export function withoutServer(edited: Edited, index: number): string {
  const { source, upstream } = edited;
  const path = listPath(source, upstream);
  const list = valueAt(source.data, path) as unknown[];
  const layout = layoutOf(source, path, list.length);
  const text = layout.close === undefined ? cutDash(source, layout, index) : cutFlow(source, layout, index);
  const left = list.filter((_, at) => at !== index);
  return checked(edited, text, left, 'take that server out of');
}

function listPath({ data }: Source, upstream: string): Path {
  const short: Path = ['upstreams', upstream];
  return Array.isArray(valueAt(data, short)) ? short : [...short, 'servers'];
}

/** The text, where just that list has changed in it; aliases, merged keys and rare layouts may not let that be. */
function checked(
  { source, file, upstream }: Edited,
  text: string | undefined,
  list: unknown[],
  what: string,
): string {
  const path = listPath(source, upstream);
  if (text !== undefined && isDeepStrictEqual(dataOf(text, file), replaced(source.data, path, list)))
    return text;
  throw new UserError('input', 'cannot-edit', `${file} is laid out in a way that lbctl cannot edit safely`, {
    span: source.spanOf(path),
    hint: `${what} upstream ${upstream} by hand, then run lbctl deploy`,
  });
}

function dataOf(text: string, file: string): unknown {
  try {
    return parseSource(text, file).data;
  } catch {
    return undefined;
  }
}

/** Data with another value at a path; what other paths share with it stays as it is. */
function replaced(data: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const record = data as Record<string, unknown>;
  return { ...record, [key]: replaced(record[key], rest, value) };
}

function insert(
  source: Source,
  path: Path,
  { items, close }: ListLayout,
  server: NewServer,
): string | undefined {
  const { text } = source;
  const last = items.at(-1)!;
  const words = wordsFor(source, [...path, items.length - 1], server);
  const at = (offset: number, piece: string): string => text.slice(0, offset) + piece + text.slice(offset);
  const margin = text.slice(lineStart(text, last.start), last.start);
  const end = lineEnd(text, last.end);
  const newLine = text.includes('\r\n') ? '\r\n' : '\n';
  if (close === undefined) {
    if (!/^ *-\s*$/u.test(margin)) return undefined;
    return at(end, newLine + margin + words.join(newLine + ' '.repeat(margin.length)));
  }
  const [word] = words;
  // beside others on their line
  if (margin.trim() !== '') return at(last.end, `, ${word}`);
  const line = newLine + margin + word;
  if (close < end) return at(last.end, `,${line}`);
  const comma = commaIn(text, last.end, close);
  if (comma >= 0) return at(end, `${line},`);
  return `${text.slice(0, last.end)},${text.slice(last.end, end)}${line}${text.slice(end)}`;
}

/** A server in the style of another one; several lines only where that one has its keys on lines of their own. */
function wordsFor({ text, data, rangeOf }: Source, path: Path, server: NewServer): readonly string[] {
  const keys = Object.entries(server);
  const model = valueAt(data, path);
  const [start] = rangeOf(path);
  const [addressAt] = rangeOf(typeof model === 'string' ? path : [...path, 'address']);
  const mark = /["']/u.test(text[addressAt] ?? '') ? text[addressAt]! : '';
  const pairs = keys.map(([key, value]) =>
    key === 'address' ? `address: ${quoted(String(value), mark)}` : `${key}: ${value}`,
  );
  if (typeof model === 'string' && keys.length === 1) return [quoted(server.address, mark)];
  return typeof model !== 'string' && text[start] !== '{' ? pairs : [`{ ${pairs.join(', ')} }`];
}

/** Addresses hold no quotes; those without a port may be read as numbers, and brackets begin a list. */
function quoted(address: string, mark: string): string {
  if (mark !== '') return mark + address + mark;
  return /^[^[]+:./u.test(address) ? address : `"${address}"`;
}

function cutDash({ text }: Source, { items }: ListLayout, index: number): string | undefined {
  const { start, end } = items[index]!;
  if (!/^ *-\s*$/u.test(text.slice(lineStart(text, start), start))) return undefined;
  return withoutLines(text, start, end);
}

function cutFlow({ text }: Source, { items, close }: ListLayout, index: number): string {
  const cut = (from: number, to: number, source = text): string => source.slice(0, from) + source.slice(to);
  const item = items[index]!;
  const before: Item | undefined = items[index - 1];
  const after: Item | undefined = items[index + 1];
  const comma = commaIn(text, item.end, after?.start ?? close!);
  const commaBefore = before ? commaIn(text, before.end, item.start) : -1;
  const simple = (from: number, to: number): boolean => !text.slice(from, to).includes('#');
  const line = lineEnd(text, item.end);
  const rest = text.slice(item.end, line).replace(/#.*$/u, '').trim();
  const alone = text.slice(lineStart(text, item.start), item.start).trim() === '' && /^,?$/u.test(rest);
  if (alone) {
    const without = withoutLines(text, item.start, item.end);
    return !after && comma < 0 && before ? cut(commaBefore, commaBefore + 1, without) : without;
  }
  if (after) return cut(item.start, simple(item.end, after.start) ? after.start : comma + 1);
  if (before && simple(before.end, item.start)) return cut(before.end, item.end);
  const without = cut(item.start, item.end);
  return before ? cut(commaBefore, commaBefore + 1, without) : without;
}
