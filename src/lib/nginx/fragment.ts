import type { Built, BuiltStatement } from './build.ts';

/** Why a fragment is not whole, with offsets into its text. */
export interface FragmentProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

interface Token {
  readonly kind: 'word' | ';' | '{' | '}' | 'comment' | 'blank';
  /** As written, quotes included. */
  readonly raw: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads directives that are to stand inside a block: whole ones, with every brace closed and every quote ended, so
 * that they cannot reach beyond their place. Words stay as they were written.
 */
export function readFragment(
  text: string,
): { readonly statements: BuiltStatement[] } | { readonly problem: FragmentProblem } {
  const { tokens, problem } = tokenize(text);
  if (problem) return { problem };
  const top: BuiltStatement[] = [];
  /** Blocks that are open, the innermost last. */
  const open: { readonly list: BuiltStatement[]; readonly words: Token[]; readonly brace: Token }[] = [];
  let list = top;
  let words: Token[] = [];
  for (const token of tokens) {
    if (token.kind === 'word') words.push(token);
    else if (token.kind === 'comment') {
      if (words.length > 0)
        return { problem: at(token, 'a comment inside a directive is not supported here') };
      list.push({ kind: 'comment', text: token.raw.replace(/^#\s*/u, '') });
    } else if (token.kind === 'blank') {
      if (words.length === 0 && list.length > 0) list.push({ kind: 'blank' });
    } else if (token.kind === '}') {
      if (words.length > 0) return { problem: missingEnd(words) };
      const outer = open.pop();
      if (!outer) return { problem: at(token, 'unexpected }: no block is open here') };
      const block = withoutTrailingBlank(list);
      list = outer.list;
      list.push(directiveOf(outer.words, block));
    } else if (words.length === 0) {
      return { problem: at(token, `unexpected ${token.raw}: a directive starts with its name`) };
    } else if (token.kind === ';') {
      list.push(directiveOf(words));
      words = [];
    } else {
      open.push({ list, words, brace: token });
      [list, words] = [[], []];
    }
  }
  if (words.length > 0) return { problem: missingEnd(words) };
  const unclosed = open.at(-1);
  if (unclosed) return { problem: at(unclosed.brace, 'this { is never closed') };
  return { statements: withoutTrailingBlank(top) };
}

function at({ start, end }: Token, message: string): FragmentProblem {
  return { message, start, end };
}

function missingEnd(words: readonly Token[]): FragmentProblem {
  const last = words.at(-1)!;
  return { message: `; is missing behind ${words[0]!.raw}`, start: last.start, end: last.end };
}

function directiveOf(words: readonly Token[], block?: readonly BuiltStatement[]): Built {
  const [name, ...args] = words.map(({ raw }) => ({ raw }));
  return { kind: 'directive', name: name!, args, ...(block ? { block } : {}) };
}

function withoutTrailingBlank(list: readonly BuiltStatement[]): BuiltStatement[] {
  return list.at(-1)?.kind === 'blank' ? list.slice(0, -1) : [...list];
}

/** NGINX's own rules: quotes and `#` mean something only where a word starts, a backslash guards what follows. */
function tokenize(text: string): { readonly tokens: Token[]; readonly problem?: FragmentProblem } {
  const tokens: Token[] = [];
  let index = 0;
  while (index < text.length) {
    const start = index;
    const char = text[index]!;
    if (/\s/u.test(char)) {
      while (index < text.length && /\s/u.test(text[index]!)) index++;
      const lines = text.slice(start, index).split('\n').length - 1;
      if (lines > 1 && tokens.length > 0 && index < text.length)
        tokens.push({ kind: 'blank', raw: '', start, end: index });
    } else if (char === '#') {
      while (index < text.length && text[index] !== '\n') index++;
      tokens.push({ kind: 'comment', raw: text.slice(start, index).trimEnd(), start, end: index });
    } else if (char === ';' || char === '{' || char === '}') {
      index++;
      tokens.push({ kind: char, raw: char, start, end: index });
    } else {
      index = char === '"' || char === "'" ? quotedEnd(text, index) : bareEnd(text, index);
      if (index < 0)
        return { tokens, problem: { message: `the quote ${char} is never closed`, start, end: start + 1 } };
      const raw = text.slice(start, index);
      if (raw.endsWith('_by_lua_block')) {
        const message =
          'Lua blocks are not supported here; put the code into a file and use the directive ending in _by_lua_file';
        return { tokens, problem: { message, start, end: index } };
      }
      if ((char === '"' || char === "'") && index < text.length && !/[\s;{)]/u.test(text[index]!)) {
        return {
          tokens,
          problem: {
            message: `unexpected ${JSON.stringify(text[index])} behind a closing quote`,
            start: index,
            end: index + 1,
          },
        };
      }
      tokens.push({ kind: 'word', raw, start, end: index });
    }
  }
  return { tokens };
}

/** Index behind the closing quote, or -1. */
function quotedEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === text[start]) return index + 1;
  }
  return -1;
}

function bareEnd(text: string, start: number): number {
  let index = start;
  while (index < text.length && !/[\s;{]/u.test(text[index]!)) {
    if (text[index] === '\\') index++;
    // the brace of ${name} belongs to the word
    else if (text[index] === '$' && text[index + 1] === '{') index++;
    index++;
  }
  return Math.min(index, text.length);
}
