import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { InvalidInput, type Problem, type Span } from '../errors.ts';

/** Where a value stands in lb.yaml: keys and list positions from the top. */
export type Path = readonly (string | number)[];

/** The text of lb.yaml as plain data, with the place of each value kept. */
export interface Source {
  readonly file: string;
  readonly data: unknown;
  /** Place of a value, or of its key; of the nearest part that is there where the value itself is not. */
  spanOf(path: Path, part?: 'key' | 'value'): Span;
  /** Place of a stretch inside a text value, by offsets into that value; of the whole value where it cannot be told. */
  spanInside(path: Path, start: number, end: number): Span;
}

/**
 * Parses YAML and keeps the places.
 * @throws InvalidInput when the text is not YAML or not a mapping.
 */
export function parseSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const sourceLines = text.split(/\r?\n/u);
  const span = (start: number, end: number): Span => {
    const from = lines.linePos(start);
    const to = lines.linePos(Math.max(end, start));
    const sourceLine = sourceLines[from.line - 1] ?? '';
    return { file, line: from.line, column: from.col, endLine: to.line, endColumn: to.col, sourceLine };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error): Problem => {
      const hint = hintFor(error.code, text.slice(...error.pos));
      return { message: error.message, span: span(...error.pos), ...(hint === undefined ? {} : { hint }) };
    });
    throw new InvalidInput(file, problems);
  }
  if (!isMap(document.contents)) {
    const message = document.contents === null ? 'the file is empty' : 'expected a mapping of keys to values';
    const hint = 'a balancer starts with `name: …`; `lbctl schema` prints all that can follow';
    throw new InvalidInput(file, [{ message, hint, span: span(0, 0) }]);
  }
  const data = toData(document, file, span);
  return {
    file,
    data,
    spanOf: (path, part = 'value') => span(...rangeOf(document, path, part)),
    spanInside(path, start, end) {
      const [from, to] = rangeOf(document, path, 'value');
      return span(...narrow(text, from, to, valueAt(data, path), start, end));
    },
  };
}

/** The value at a path of plain data, or undefined. */
export function valueAt(data: unknown, path: Path): unknown {
  let value: unknown = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

function toData(document: Document, file: string, span: (start: number, end: number) => Span): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // aliases that multiply beyond the library's limit, or that point nowhere
    throw new InvalidInput(file, [{ message: (error as Error).message, span: span(0, 0) }]);
  }
}

function hintFor(code: string, text: string): string | undefined {
  if (text.startsWith('*')) return `* starts an alias in YAML; put quotes around it: "${text.trim()}"`;
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (code === 'DUPLICATE_KEY') return 'each key may stand once; merge the two';
  if (code === 'BAD_DIRECTIVE' || text.startsWith('%')) return 'put quotes around it';
  return undefined;
}

type Range = [start: number, end: number];

function rangeOf(document: Document, path: Path, part: 'key' | 'value'): Range {
  let node: unknown = document.contents;
  let range: Range = [0, 0];
  for (const [depth, key] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
      ) as Pair | undefined;
      if (!pair) break;
      range = nodeRange(pair.key) ?? range;
      if (depth === path.length - 1 && part === 'key') return range;
      next = pair.value;
    } else if (isSeq(node)) {
      next = node.items[Number(key)];
    }
    if (next === undefined) break;
    node = next;
    range = nodeRange(next) ?? range;
  }
  return range;
}

function nodeRange(node: unknown): Range | undefined {
  if (!isNode(node)) return undefined;
  const range = (node as Node).range;
  return range ? [range[0], range[1]] : undefined;
}

/** Finds a part of a text value in the YAML that it was read from; block scalars are searched line by line. */
function narrow(text: string, from: number, to: number, value: unknown, start: number, end: number): Range {
  if (typeof value !== 'string') return [from, to];
  const raw = text.slice(from, to);
  const direct = raw.indexOf(value);
  if (direct >= 0) return [from + direct + start, from + direct + end];
  const before = value.slice(0, start);
  const line = before.split('\n').length - 1;
  const column = start - (before.lastIndexOf('\n') + 1);
  const wanted = value.split('\n')[line] ?? '';
  // the first line of a block scalar is the one after its `|`
  const rawLines = raw.split('\n');
  const at = rawLines.findIndex((rawLine, index) => index > line && rawLine.endsWith(wanted.trimEnd()));
  if (at < 0) return [from, to];
  const offset = rawLines.slice(0, at).join('\n').length + 1;
  const indent = rawLines[at]!.indexOf(wanted.trimEnd());
  const begin = from + offset + indent + column;
  return [begin, Math.max(begin + 1, begin + Math.min(end - start, wanted.length - column))];
}
