import { isDeepStrictEqual } from 'node:util';
import type { Path } from '../balancer/place.ts';
import { parseSource, type Source, valueAt } from '../balancer/source.ts';
import { layoutOf, lineEnd, lineStart } from '../balancer/layout.ts';
import type { Weights } from './shift.ts';

/**
 * The text of lb.yaml with other weights of answers; comments, layout and all else stay as they are.
 * @param at where the answers stand, by identifier.
 * @returns undefined where it is laid out so that nothing else could be kept as it is.
 */
export function withWeights(
  { source, file }: { readonly source: Source; readonly file: string },
  at: Path,
  weights: Weights,
): string | undefined {
  let now: Source | undefined = source;
  for (const [id, weight] of Object.entries(weights)) {
    const path = [...at, id];
    const answer = valueAt(now.data, path);
    if (answer === undefined) return undefined;
    if (valueAt(answer, ['weight']) === weight) continue;
    const text = edited(now, path, answer, weight);
    const wanted = replaced(now.data, path, { ...longForm(answer), weight });
    now = text === undefined ? undefined : parsed(text, file);
    // anchors, merged keys and rare layouts may have changed more than that
    if (!now || !isDeepStrictEqual(now.data, wanted)) return undefined;
  }
  return now.text;
}

function edited(source: Source, path: Path, answer: unknown, weight: number): string | undefined {
  const { text, rangeOf } = source;
  const put = (piece: string, from: number, to = from): string =>
    text.slice(0, from) + piece + text.slice(to);
  const [start, end] = rangeOf(path);
  if (valueAt(answer, ['weight']) !== undefined) return put(`${weight}`, ...rangeOf([...path, 'weight']));
  if (typeof answer === 'string' || Array.isArray(answer)) {
    const close = typeof answer === 'string' ? end - 1 : layoutOf(source, path, answer.length).close;
    if (close === undefined) return undefined;
    return put(`{ to: ${text.slice(start, close + 1)}, weight: ${weight} }`, start, close + 1);
  }
  if (typeof answer !== 'object' || answer === null) return undefined;
  if (text[start] === '{') {
    if (typeof valueAt(answer, ['to']) !== 'string') return put(` weight: ${weight},`, start + 1);
    return put(`, weight: ${weight}`, rangeOf([...path, 'to'])[1]);
  }
  const [key] = rangeOf([...path, Object.keys(answer)[0]!], 'key');
  const margin = text.slice(lineStart(text, key), key);
  if (margin.trim() !== '') return undefined;
  const newLine = text[lineEnd(text, key)] === '\r' ? '\r\n' : '\n';
  return put(`weight: ${weight}${newLine}${margin}`, key);
}

function longForm(answer: unknown): object {
  return typeof answer === 'string' || Array.isArray(answer) ? { to: answer } : (answer as object);
}

function parsed(text: string, file: string): Source | undefined {
  try {
    return parseSource(text, file);
  } catch {
    return undefined;
  }
}

/** Data with another value at a path; what other paths share with it stays as it is. */
function replaced(data: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data))
    return data.map((item: unknown, index) => (index === key ? replaced(item, rest, value) : item));
  return { ...(data as object), [key]: replaced(valueAt(data, [key]), rest, value) };
}
