import { constructFromEvents, CORE_SCHEMA, type Event, mergeTag, parseEvents, YAMLException } from 'js-yaml';
import { InvalidInput, type Span } from '../errors.ts';
import { type Marks, placeOf, readMarks } from './marks.ts';
import type { Path } from './place.ts';

/** The text of lb.yaml as plain data, with the place of each value kept. */
export interface Source {
  readonly data: unknown;
  /** The text itself. */
  readonly text: string;
  /** Offsets of a value, or of its key; of the nearest part that is there where the value itself is not. */
  rangeOf(path: Path, part?: 'key' | 'value'): readonly [start: number, end: number];
  /** Offsets of a stretch inside a text value, by offsets into that value; of the whole value where it cannot be told. */
  rangeInside(path: Path, start: number, end: number): readonly [start: number, end: number];
  /** Place of a value, or of its key; of the nearest part that is there where the value itself is not. */
  spanOf(path: Path, part?: 'key' | 'value'): Span;
  /** Place of a stretch inside a text value, by offsets into that value; of the whole value where it cannot be told. */
  spanInside(path: Path, start: number, end: number): Span;
}

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** Aliases may repeat a part of the file, but not blow it up. */
const MAX_ALIASES = 100;

/** What a file is expected to be. */
interface Expected {
  /** Helps who wrote something else. */
  readonly hint: string;
  /** A file without anything in it says nothing, which is no fault. */
  readonly mayBeEmpty?: boolean;
}

const BALANCER: Expected = {
  hint: 'a balancer starts with `name: …`; `lbctl schema` prints all that can follow',
};

/**
 * Parses YAML and keeps the places.
 * @throws InvalidInput when the text is not YAML or not a mapping.
 */
export function parseSource(text: string, file: string, { hint, mayBeEmpty }: Expected = BALANCER): Source {
  const span = (start: number, end: number) => spanAt(text, file, start, end);
  const { events, data: parsed } = parse(text, file, span);
  const data = mayBeEmpty ? (parsed ?? {}) : parsed;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    const message =
      data === null || data === undefined ? 'the file is empty' : 'expected a mapping of keys to values';
    throw new InvalidInput(file, [{ message, hint, span: span(0, 0) }]);
  }
  // places are needed only for faults, so they are worked out when the first is asked for
  let marks: Marks | undefined;
  const rangeOf = (path: Path, part: 'key' | 'value' = 'value') =>
    placeOf((marks ??= readMarks(events, text)), path, part);
  const rangeInside = (path: Path, start: number, end: number) =>
    narrow(text, rangeOf(path), valueAt(data, path), start, end);
  return {
    data,
    text,
    rangeOf,
    rangeInside,
    spanOf: (path, part) => span(...rangeOf(path, part)),
    spanInside: (path, start, end) => span(...rangeInside(path, start, end)),
  };
}

/** The value at a path of plain data, or undefined. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

function parse(
  text: string,
  file: string,
  span: (start: number, end: number) => Span,
): { events: Event[]; data: unknown } {
  try {
    const events = parseEvents(text, {});
    const documents = constructFromEvents(events, { source: text, schema: SCHEMA, maxAliases: MAX_ALIASES });
    if (documents.length > 1) {
      throw new InvalidInput(file, [
        { message: 'the file holds several YAML documents; put each into a file of its own' },
      ]);
    }
    return { events, data: documents[0] };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const at = Math.min(error.mark?.position ?? 0, text.length);
    const hint = hintFor(text, at, error.reason);
    const message = `not valid YAML: ${error.reason}`;
    throw new InvalidInput(file, [
      { message, span: span(at, at + 1), ...(hint === undefined ? {} : { hint }) },
    ]);
  }
}

function hintFor(text: string, at: number, reason: string): string | undefined {
  const word = /[*&!%@`][^\s,\]}]*/uy;
  word.lastIndex = Math.max(0, text[at] === '*' ? at : text.lastIndexOf('*', at));
  const alias = reason.includes('alias') ? word.exec(text)?.[0] : undefined;
  if (alias !== undefined) return `* starts an alias in YAML; put quotes around it: "${alias}"`;
  if (text.slice(text.lastIndexOf('\n', at - 1) + 1, at + 1).includes('\t'))
    return 'indent with spaces, not with tabs';
  if (reason.includes('deficient indentation')) return 'a [, a { or a quote further up may not be closed';
  if (reason.includes('missed comma')) {
    const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    return /;[^,{[]*$/u.test(before) ? 'write , in place of ;' : 'write , between two entries';
  }
  if (reason.includes('bad indentation')) return hintOnIndentation(text, at);
  if (reason.includes('duplicated')) return 'each key may stand once; merge the two';
  return undefined;
}

/** What is likely wrong with a line that starts where none can, or goes on where it should end. */
function hintOnIndentation(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at + 1);
  const sign = /:\s+([@`%])$/u.exec(line)?.[1];
  if (sign !== undefined) return `put quotes around what starts with ${sign}`;
  if (/[}\]]$/u.test(line)) return 'there is one } or ] too many, or a { or [ too few';
  if (/:\s+[^\s"'{[][^"'{[]*:$/u.test(line)) return 'put quotes around a text that holds ": "';
  return 'entries that belong together start in the same column';
}

function spanAt(text: string, file: string, start: number, end: number): Span {
  // -1 would be taken for 0
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', start);
  const line = text.slice(0, lineStart).split('\n').length;
  const sourceLine = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd).replace(/\r$/u, '');
  const endLineStart = end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1;
  const endLine = line + text.slice(lineStart, endLineStart).split('\n').length - 1;
  return {
    file,
    line,
    column: start - lineStart + 1,
    endLine,
    endColumn: end - endLineStart + 1,
    sourceLine,
  };
}

/** Finds a part of a text value in the YAML that it was read from; block scalars are searched line by line. */
function narrow(
  text: string,
  [from, to]: readonly [number, number],
  value: unknown,
  start: number,
  end: number,
): [number, number] {
  if (typeof value !== 'string') return [from, to];
  const raw = text.slice(from, to);
  const direct = raw.indexOf(value);
  if (direct >= 0) return [from + direct + start, from + direct + end];
  const before = value.slice(0, start);
  const row = before.split('\n').length - 1;
  const column = start - (before.lastIndexOf('\n') + 1);
  const wanted = value.split('\n')[row] ?? '';
  const rows = raw.split('\n');
  if (rows[row]?.trim() !== wanted.trim()) return [from, to];
  const rowStart = from + rows.slice(0, row).reduce((sum, line) => sum + line.length + 1, 0);
  const begin = rowStart + rows[row].indexOf(wanted.trimEnd()) + column;
  return [begin, Math.max(begin + 1, begin + Math.min(end - start, wanted.length - column))];
}
