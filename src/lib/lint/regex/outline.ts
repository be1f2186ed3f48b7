/**
 * What is sure about the texts that a regular expression matches. Whatever is not understood counts as a gap, which
 * may stand for any text.
 */
export interface Outline {
  /** Whether it starts with `^`, or ends with `$`. */
  readonly start: boolean;
  readonly end: boolean;
  /** In their order; `undefined` is a gap. No two texts follow each other. */
  readonly runs: readonly (Words | undefined)[];
  readonly insensitive: boolean;
}

/** Texts of which one must be there. */
type Words = readonly string[];

/** What one piece of an expression stands for: some texts, any text at all, or something that is not known. */
type Piece = Words | 'any' | 'gap';

const MOST_WORDS = 64;
const LONGEST = 500;
const DEEPEST = 16;

const known = new Map<string, Outline | undefined>();

/** Reads a regular expression; undefined where nothing sure can be said. */
export function readOutline(text: string, insensitive: boolean): Outline | undefined {
  const key = insensitive ? `i${text}` : ` ${text}`;
  const before = known.get(key);
  if (before || known.has(key)) return before;
  const outline = read(text, insensitive);
  known.set(key, outline);
  return outline;
}

function read(text: string, insensitive: boolean): Outline | undefined {
  // comments, settings, verbs, codes of characters: they change what the rest means
  if (text.length > LONGEST || /\(\*|\(\?[^:<P=!>']|\\[QExcopPNgku]/u.test(text)) return undefined;
  // one character is always there
  if (/^(?:\^?\(?\.\+?\)?|\(?\.\+?\)?\$|\^\(?\.\+\)?\$)$/u.test(text))
    return { start: false, end: false, runs: [], insensitive };
  const source = insensitive ? text.toLowerCase() : text;
  const start = source.startsWith('^');
  const end = /(?:^|[^\\])(?:\\\\)*\$$/u.test(source);
  const inner = source.slice(start ? 1 : 0, end ? -1 : undefined);
  const reader = { text: inner, at: 0 };
  const alternatives = readAlternatives(reader, 0);
  if (!alternatives || reader.at < inner.length) return undefined;
  const [only] = alternatives;
  if (alternatives.length === 1) return trimmed(only!, start, end, insensitive);
  const words = start || end ? undefined : allWords(alternatives);
  return words && { start, end, runs: [words], insensitive };
}

/** `.*` at an end is as good as no anchor there. */
function trimmed(pieces: readonly Piece[], start: boolean, end: boolean, insensitive: boolean): Outline {
  const first = pieces.findIndex((piece) => piece !== 'any');
  const last = pieces.findLastIndex((piece) => piece !== 'any');
  const kept = first < 0 ? [] : pieces.slice(first, last + 1);
  return {
    start: start && pieces[0] !== 'any',
    end: end && pieces.at(-1) !== 'any',
    runs: joined(kept),
    insensitive,
  };
}

interface Reader {
  readonly text: string;
  at: number;
}

function readAlternatives(reader: Reader, depth: number): Piece[][] | undefined {
  if (depth > DEEPEST) return undefined;
  const alternatives: Piece[][] = [[]];
  for (;;) {
    const char = reader.text[reader.at];
    if (char === undefined || char === ')') return alternatives;
    if (char === '|') {
      reader.at++;
      alternatives.push([]);
      continue;
    }
    const piece = readPiece(reader, depth);
    if (piece === undefined) return undefined;
    alternatives.at(-1)!.push(...repeated(reader, piece));
  }
}

const PLAIN = /[\w/-]+(?![*+?{])/uy;

function readPiece(reader: Reader, depth: number): Piece | 'dot' | undefined {
  const char = reader.text[reader.at++]!;
  switch (char) {
    case '(':
      return readGroup(reader, depth);
    case '[':
      return readClass(reader);
    case '.':
      return 'dot';
    case '^':
    case '$':
      return 'gap';
    case '\\': {
      const escaped = reader.text[reader.at++];
      if (escaped === undefined) return undefined;
      if (!/[\w]/u.test(escaped) || escaped === '_') return [escaped];
      while (/\d/u.test(escaped) && /\d/u.test(reader.text[reader.at] ?? '')) reader.at++;
      return 'gap';
    }
    default: {
      // plain characters at once, but the one that a quantifier follows
      PLAIN.lastIndex = reader.at - 1;
      const found = PLAIN.exec(reader.text);
      if (found) reader.at = PLAIN.lastIndex;
      return [found?.[0] ?? char];
    }
  }
}

function readGroup(reader: Reader, depth: number): Piece | undefined {
  const head = /^\?(?::|P?<(?![=!])\w+>|'\w+')/u.exec(reader.text.slice(reader.at, reader.at + 40));
  const looks = !head && reader.text[reader.at] === '?';
  if (looks)
    reader.at += /^\?(?:<?[=!]|>)/u.exec(reader.text.slice(reader.at, reader.at + 3))?.[0].length ?? 99;
  if (head) reader.at += head[0].length;
  const alternatives = readAlternatives(reader, depth + 1);
  if (!alternatives || reader.text[reader.at] !== ')') return undefined;
  reader.at++;
  if (looks) return 'gap';
  const [only] = alternatives;
  if (alternatives.length === 1 && only!.length === 1 && only![0] === 'any') return 'any';
  return allWords(alternatives) ?? 'gap';
}

const CLASS = /(?:\\?([^\w\\\]^])\]|\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\])/uy;

/** `[.]` is a text; of others only the end is looked for. */
function readClass(reader: Reader): Piece | undefined {
  CLASS.lastIndex = reader.at;
  const found = CLASS.exec(reader.text);
  if (!found) return undefined;
  reader.at = CLASS.lastIndex;
  return found[1] === undefined ? 'gap' : [found[1]];
}

const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})[+?]?/uy;

/** What a piece stands for with the quantifier behind it. */
function repeated(reader: Reader, piece: Piece | 'dot'): Piece[] {
  QUANTIFIER.lastIndex = reader.at;
  const found = QUANTIFIER.exec(reader.text);
  if (found) reader.at = QUANTIFIER.lastIndex;
  const quantifier = found?.[0][0];
  if (piece === 'dot') return [quantifier === '*' ? 'any' : 'gap'];
  if (!found) return [piece];
  if (piece === 'any' || piece === 'gap') return ['gap'];
  if (quantifier === '?') return [[...piece, '']];
  if (quantifier === '+' || /^\{0*[1-9]/u.test(found[0])) return [piece, 'gap'];
  return ['gap'];
}

/** Texts that follow each other become one, as long as they are few. */
function joined(pieces: readonly Piece[]): (Words | undefined)[] {
  const runs: (Words | undefined)[] = [];
  for (const piece of pieces) {
    const before = runs.at(-1);
    if (piece === 'any' || piece === 'gap') {
      if (runs.length === 0 || before) runs.push(undefined);
    } else if (!before) runs.push(piece);
    else if (before.length * piece.length > MOST_WORDS) runs.push(undefined);
    else runs[runs.length - 1] = before.flatMap((first) => piece.map((second) => first + second));
  }
  return runs;
}

function allWords(alternatives: readonly (readonly Piece[])[]): Words | undefined {
  const words: string[] = [];
  for (const pieces of alternatives) {
    const runs = joined(pieces);
    const own = runs.length === 0 ? [''] : runs.length === 1 ? runs[0] : undefined;
    if (!own || words.length + own.length > MOST_WORDS) return undefined;
    words.push(...own);
  }
  return words;
}

/** The texts that an expression is made of, where it is made of nothing else. */
export function wordsOf({ runs }: Outline): Words | undefined {
  if (runs.length === 0) return [''];
  return runs.length === 1 ? runs[0] : undefined;
}

/** Whether every path matches: each starts with a slash. */
export function matchesAll(outline: Outline): boolean {
  const { start, end } = outline;
  return wordsOf(outline)?.some((word) => (word === '' ? !(start && end) : word === '/' && !end)) === true;
}

function fits({ start, end }: Outline, word: string, text: string): boolean {
  if (start && end) return text === word;
  if (start) return text.startsWith(word);
  return end ? text.endsWith(word) : text.includes(word);
}

/** Whether whatever matches the second expression matches the first one, too, as far as that is sure. */
export function covers(first: Outline, second: Outline): boolean {
  if (matchesAll(first)) return true;
  const words = wordsOf(first);
  if (!words) return false;
  if (second.insensitive && !first.insensitive && words.some((word) => /[a-z]/iu.test(word))) return false;
  const lower = first.insensitive && !second.insensitive;
  const covered = (run: Words | undefined): boolean =>
    run?.every((text) => words.some((word) => fits(first, word, lower ? text.toLowerCase() : text))) === true;
  const { start, end, runs } = second;
  if (first.start && first.end) return start && end && runs.length === 1 && covered(runs[0]);
  if (first.start) return start && covered(runs[0]);
  if (first.end) return end && covered(runs.at(-1));
  return runs.some((run) => covered(run));
}
