import { braceProblems, type BraceFault } from './braces.ts';
import { endOfLua } from './lua.ts';
import { Lexer, Token } from './lexer.ts';
import { Lines } from './lines.ts';
import { tooLong } from './limits.ts';
import type { Code, Comment, Directive, Document, Statement, SyntaxProblem, Word } from './tree.ts';
import { valueOf } from './value.ts';

/**
 * Reads a configuration file, whole or a part such as a file of `conf.d/`. Text that NGINX could not read is told in
 * `problems` and reading goes on behind it: there is always a tree, and nothing is thrown.
 */
export function parse(text: string): Document {
  const plain = new Parser(text, false).parse();
  if (plain.faults.length === 0) return plain.document;
  // a brace is missing or one too many; the indentation tells which better than the count, where there is one
  const indented = new Parser(text, true).parse();
  const chosen = indented.faults.length <= plain.faults.length * 2 ? indented : plain;
  const { document, faults } = chosen;
  const problems = [...document.problems, ...braceProblems(text, faults)];
  return { ...document, problems: problems.toSorted((a, b) => a.start - b.start) };
}

interface OpenBlock {
  readonly directive: Directive;
  readonly statements: Statement[];
  /** Width of the white space in front of the directive's line; looked at only where `byIndent` is set. */
  readonly indent: number;
}

/** Longer words seldom come again. */
const LONG = 40;

const PLACES = 509;

class Parser {
  private readonly lexer: Lexer;
  private readonly problems: SyntaxProblem[] = [];
  private readonly faults: BraceFault[] = [];
  private readonly top: Statement[] = [];
  private readonly stack: OpenBlock[] = [];
  private statements = this.top;
  private words: Word[] = [];
  private comments: Comment[] | undefined;
  private readonly lines: Lines;
  /** Words that came before, each in a place that some of its characters give. */
  private readonly strings: (string | undefined)[] = Array.from({ length: PLACES });

  constructor(
    private readonly text: string,
    private readonly byIndent: boolean,
  ) {
    this.lexer = new Lexer(text);
    this.lines = new Lines(text);
  }

  parse(): { readonly document: Document; readonly faults: readonly BraceFault[] } {
    const { lexer } = this;
    for (;;) {
      const token = lexer.next();
      if (this.byIndent && token !== Token.End && this.words.length === 0) this.closeOutdented(token);
      switch (token) {
        case Token.Word:
          this.word();
          break;
        case Token.Comment:
          this.comment();
          break;
        case Token.Semicolon:
          if (this.words.length > 0) this.statements.push(this.directive(lexer.end));
          else {
            this.unexpected('a directive starts with its name');
            this.statements.push({ kind: 'stray', start: lexer.start, end: lexer.end, text: ';' });
          }
          break;
        case Token.Open:
          this.open();
          break;
        case Token.Close:
          this.close();
          break;
        case Token.UnclosedQuote:
        case Token.GluedQuote:
          this.brokenQuote(token);
          break;
        default:
          this.finish();
          return {
            document: { text: this.text, statements: this.top, problems: this.problems },
            faults: this.faults,
          };
      }
    }
  }

  private word(): void {
    const { start, end, escaped } = this.lexer;
    const raw = this.shared(start, end);
    const first = raw.charCodeAt(0);
    const value = escaped || first === 34 || first === 39 ? valueOf(raw) : raw;
    this.words.push({ start, raw, value });
    if (raw.length > 1000) {
      const problem = tooLong(this.text, start, raw);
      if (problem) this.problems.push(problem);
    }
  }

  /** A stretch of the text. Most words stand there many times, and one string for them all takes less room. */
  private shared(start: number, end: number): string {
    const { text, strings } = this;
    const length = end - start;
    if (length > LONG) return text.slice(start, end);
    const middle = text.charCodeAt(start + (length >> 1));
    const place =
      (text.charCodeAt(start) * 7 + middle * 31 + text.charCodeAt(end - 1) * 61 + length) % PLACES;
    const known = strings[place];
    if (known?.length === length && text.startsWith(known, start)) return known;
    return (strings[place] = text.slice(start, end));
  }

  private comment(): void {
    const { start, end } = this.lexer;
    // the carriage return belongs to the line end
    const visible = this.text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    const text = this.text.slice(start, visible);
    const comment: Comment = { kind: 'comment', start, end: visible, text };
    if (this.words.length === 0) this.statements.push(comment);
    else (this.comments ??= []).push(comment);
    if (text.length > 1000) {
      const problem = tooLong(this.text, start, text);
      if (problem) this.problems.push(problem);
    }
  }

  /** Makes a directive of the words read so far. */
  private directive(end: number, code?: Code): Directive {
    const { comments } = this;
    // a copy is as long as it need be; a list that grew has room for many more
    const words = this.words.slice();
    const first = words[0]!;
    this.words.length = 0;
    this.comments = undefined;
    return {
      kind: 'directive',
      name: first.value,
      words,
      start: first.start,
      end,
      block: undefined,
      code,
      comments,
    };
  }

  private open(): void {
    const { start, end } = this.lexer;
    if (this.words.length === 0) {
      this.unexpected('a block starts with the name of its directive');
      this.words.push({ start, raw: '', value: '' });
    }
    const first = this.words[0]!;
    if (first.value.endsWith('_by_lua_block')) return this.lua(start);
    if (this.byIndent) this.lines.moveTo(first.start);
    const { indent } = this.lines;
    const directive = this.directive(end);
    const statements: Statement[] = [];
    directive.block = { open: start, close: -1, statements };
    this.statements.push(directive);
    this.stack.push({ directive, statements: this.statements, indent });
    this.statements = statements;
  }

  private lua(open: number): void {
    const close = endOfLua(this.text, open + 1);
    const end = close < 0 ? this.text.length : close;
    const code = { open, close: end, text: this.text.slice(open + 1, end) };
    const directive = this.directive(close < 0 ? end : end + 1, code);
    this.statements.push(directive);
    this.lexer.position = directive.end;
    if (close < 0)
      this.faults.push({ kind: 'unclosed', directive, open, at: this.endBefore(this.text.length) });
  }

  private close(): void {
    const { start, end } = this.lexer;
    if (this.words.length > 0) this.missingSemicolon();
    const block = this.isTooMany() ? undefined : this.stack.pop();
    if (!block) {
      this.faults.push({ kind: 'stray', start });
      this.statements.push({ kind: 'stray', start, end, text: '}' });
      return;
    }
    const { directive } = block;
    directive.block = { ...directive.block!, close: start, statements: this.statements.slice() };
    directive.end = end;
    this.statements = block.statements;
  }

  /** Whether a closing brace stands further in than the block that it would close. */
  private isTooMany(): boolean {
    const { lines, stack, lexer } = this;
    if (!this.byIndent) return false;
    lines.moveTo(lexer.start);
    const block = stack.at(-1);
    return block !== undefined && lines.first === lexer.start && lines.indent > block.indent;
  }

  /** Words that no `;` ended are taken for a directive all the same. */
  private missingSemicolon(): void {
    const last = this.words.at(-1)!;
    const end = last.start + last.raw.length;
    const name = this.words[0]!.value;
    const directive = this.directive(end);
    this.statements.push(directive);
    this.problems.push({
      rule: 'syntax/missing-semicolon',
      message: `; is missing behind ${this.text.slice(directive.start, end).split('\n')[0]!.trim().slice(0, 60)}`,
      hint: `end the directive ${name} with ;`,
      start: end,
      end,
    });
  }

  private unexpected(why: string): void {
    const { start, end } = this.lexer;
    const message = `unexpected ${this.text.slice(start, end)}: ${why}`;
    this.problems.push({ rule: 'syntax/unexpected', message, start, end });
  }

  /** A quote that does not end where it should: the word is taken to end with its line. */
  private brokenQuote(token: Token.UnclosedQuote | Token.GluedQuote): void {
    const { text, lexer } = this;
    const { start, end } = lexer;
    const quote = text[start]!;
    // only the word is looked at: its line may be long, and may hold many such quotes
    if (token === Token.GluedQuote && !text.slice(start, end).includes('\n')) {
      // what lacks is the ; in front of the brace, and that is told when the brace is read
      if (text[end] === '}') return this.word();
      this.problems.push({
        rule: 'syntax/unexpected',
        message: `unexpected ${JSON.stringify(text[end])} behind the closing quote`,
        hint: `put a space behind the quote, or \\ before a ${quote} that belongs to the text`,
        start: end,
        end: end + 1,
      });
      // what is glued to the quote is taken for a part of the word, unless it looks like a comment
      const rest = /(?!#)[^\s;{]*/uy;
      rest.lastIndex = end;
      const glued = rest.exec(text)?.[0] ?? '';
      const raw = text.slice(start, end);
      this.words.push({ start, raw: raw + glued, value: valueOf(raw) + glued });
      lexer.position = end + glued.length;
      return;
    }
    const lineEnd = text.indexOf('\n', start);
    const stop = restOfWord(text, start + 1, lineEnd < 0 ? text.length : lineEnd);
    this.problems.push({
      rule: 'syntax/unclosed-quote',
      message: `the quote ${quote} is not closed`,
      hint: `put ${quote} where the text ends`,
      start,
      end: stop,
    });
    const raw = text.slice(start, stop);
    this.words.push({ start, raw, value: raw.slice(1) });
    lexer.position = stop;
  }

  /** Closes blocks whose lines stand further out than they do, where a brace was forgotten. */
  private closeOutdented(token: Token): void {
    const { lines, stack } = this;
    const { start } = this.lexer;
    lines.moveTo(start);
    // a comment may stand anywhere, commented-out lines often at the left edge
    if (token === Token.Comment || lines.first !== start) return;
    let at: number | undefined;
    for (let block = stack.at(-1); block; block = stack.at(-1)) {
      const { open } = block.directive.block!;
      const inside = token === Token.Close ? lines.indent >= block.indent : lines.indent > block.indent;
      if (inside || lines.start <= open) return;
      stack.pop();
      // the same for all of them: many blocks may end here, behind many blank lines
      at ??= this.endBefore(start);
      block.directive.end = at;
      this.statements = block.statements;
      this.faults.push({ kind: 'unclosed', directive: block.directive, open, at });
    }
  }

  /** Where the text in front of `offset` ends. */
  private endBefore(offset: number): number {
    let end = offset;
    while (end > 0 && ' \t\r\n'.includes(this.text[end - 1]!)) end--;
    return end;
  }

  private finish(): void {
    if (this.words.length > 0) this.missingSemicolon();
    const end = this.endBefore(this.text.length);
    for (let block = this.stack.pop(); block; block = this.stack.pop()) {
      block.directive.end = end;
      const { open } = block.directive.block!;
      this.faults.push({ kind: 'unclosed', directive: block.directive, open, at: end });
    }
  }
}

/** Where a quoted word without its closing quote probably ends: at a `;` or `{` at the end of the line, or there. */
function restOfWord(text: string, from: number, lineEnd: number): number {
  let end = lineEnd;
  while (end > from && ' \t\r'.includes(text[end - 1]!)) end--;
  if (end > from && (text[end - 1] === ';' || text[end - 1] === '{')) end--;
  while (end > from && ' \t\r'.includes(text[end - 1]!)) end--;
  return end;
}
