import { type Event, EVENT_ID, getScalarValue, type ScalarEvent } from 'js-yaml';
import type { Path } from './place.ts';

type Range = readonly [start: number, end: number];

/** The places of a value and of what is inside it. */
export interface Marks {
  readonly range: Range;
  /** By key or list position. */
  readonly entries: ReadonlyMap<string, { readonly key: Range; readonly value: Marks }>;
}

const NONE: Marks['entries'] = new Map();

/** Works out the places of all values from the events of the parser. */
export function readMarks(events: readonly Event[], text: string): Marks {
  const anchors = new Map<string, Marks>();
  let at = 0;
  const read = (fallback: number): Marks => {
    const event = events[at++];
    if (!event) return { range: [fallback, fallback], entries: NONE };
    if (event.type === EVENT_ID.ALIAS) {
      const range = [event.anchorStart - 1, event.anchorEnd] as const;
      return { range, entries: anchors.get(text.slice(event.anchorStart, event.anchorEnd))?.entries ?? NONE };
    }
    if (event.type === EVENT_ID.SCALAR) {
      const marks = { range: scalarRange(event, text, fallback), entries: NONE };
      remember(event, marks);
      return marks;
    }
    if (event.type === EVENT_ID.DOCUMENT) {
      const marks = read(0);
      at++;
      return marks;
    }
    if (event.type === EVENT_ID.POP) return { range: [fallback, fallback], entries: NONE };
    const entries = new Map<string, { key: Range; value: Marks }>();
    let end = event.start + 1;
    for (let index = 0; events[at] && events[at]!.type !== EVENT_ID.POP; index++) {
      const named = events[at]!;
      const key = event.type === EVENT_ID.MAPPING ? read(end) : undefined;
      const value = read(key?.range[1] ?? end);
      const name = key && named.type === EVENT_ID.SCALAR ? getScalarValue(text, named) : String(index);
      entries.set(name, { key: key?.range ?? value.range, value });
      end = value.range[1];
    }
    at++;
    const marks = { range: [event.start, end] as const, entries };
    remember(event, marks);
    return marks;
  };
  const remember = (event: { anchorStart: number; anchorEnd: number }, marks: Marks) => {
    if (event.anchorStart >= 0) anchors.set(text.slice(event.anchorStart, event.anchorEnd), marks);
  };
  return read(0);
}

/** The place of a value or its key; of the nearest part above it that is there. */
export function placeOf(marks: Marks, path: Path, part: 'key' | 'value'): [number, number] {
  let current = marks;
  for (const [depth, key] of path.entries()) {
    const entry = current.entries.get(String(key));
    // the list that is the short form of a mapping with a list
    if (!entry && typeof key === 'string' && current.entries.has('0')) continue;
    if (!entry) {
      // the key is missing: its parent is a whole block, of which the start is enough
      const [start, end] = current.range;
      return depth === 0 ? [0, 0] : [start, end];
    }
    if (depth === path.length - 1 && part === 'key') return [...entry.key];
    current = entry.value;
  }
  return [...current.range];
}

/** Place of a scalar, its quotes included; a value that is not there stands right behind its key. */
function scalarRange(event: ScalarEvent, text: string, fallback: number): Range {
  if (event.valueStart < 0) return [fallback, fallback];
  const quoted =
    text[event.valueStart - 1] === text[event.valueEnd] &&
    /["']/u.test(text[event.valueEnd] ?? '') &&
    event.indent < 0;
  return quoted ? [event.valueStart - 1, event.valueEnd + 1] : [event.valueStart, event.valueEnd];
}
