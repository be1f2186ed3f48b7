/** What the lexer finds; `problem` kinds end the word at the place where NGINX would stop. */
export const enum Token {
  End,
  Word,
  Semicolon,
  Open,
  Close,
  Comment,
  /** A quote that nothing closes. */
  UnclosedQuote,
  /** A closing quote with text right behind it. */
  GluedQuote,
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const DOUBLE = 34;
const HASH = 35;
const DOLLAR = 36;
const SINGLE = 39;
const PAREN = 41;
const SEMICOLON = 59;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/**
 * NGINX's own reading of a file (ngx_conf_read_token): a quote, a comment and a closing brace mean something only
 * where a word could start; a backslash guards the character behind it; the brace of `${name}` belongs to the word.
 */
export class Lexer {
  /** Where the last token starts and ends. */
  start = 0;
  end = 0;
  /** Whether the last word holds a backslash. */
  escaped = false;

  constructor(
    readonly text: string,
    public position = 0,
  ) {}

  /** The next token; its place is in `start` and `end`. */
  next(): Token {
    const { text } = this;
    const { length } = text;
    let at = this.position;
    let code = 0;
    while (at < length) {
      code = text.charCodeAt(at);
      if (code !== SPACE && code !== LF && code !== TAB && code !== CR) break;
      at++;
    }
    this.start = at;
    if (at >= length) {
      this.end = this.position = at;
      return Token.End;
    }
    switch (code) {
      case SEMICOLON:
        return this.punctuation(Token.Semicolon);
      case OPEN:
        return this.punctuation(Token.Open);
      case CLOSE:
        return this.punctuation(Token.Close);
      case HASH: {
        const end = text.indexOf('\n', at);
        this.end = this.position = end < 0 ? length : end;
        return Token.Comment;
      }
      case DOUBLE:
      case SINGLE:
        return this.quoted(code);
      default:
        return this.bare();
    }
  }

  private punctuation(token: Token): Token {
    this.end = this.position = this.start + 1;
    return token;
  }

  private bare(): Token {
    const { text } = this;
    const { length } = text;
    let at = this.start;
    let escaped = false;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > OPEN) continue;
      if (code === SPACE || code === SEMICOLON || code === LF || code === OPEN || code === TAB || code === CR)
        break;
      if (code === DOLLAR) {
        while (text.charCodeAt(at + 1) === OPEN) at++;
      } else if (code === BACKSLASH) {
        escaped = true;
        at++;
      }
    }
    this.escaped = escaped;
    this.end = this.position = at < length ? at : length;
    return Token.Word;
  }

  private quoted(quote: number): Token {
    const { text } = this;
    const { length } = text;
    let at = this.start + 1;
    let escaped = false;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === BACKSLASH) {
        escaped = true;
        at++;
      }
    }
    this.escaped = escaped;
    if (at >= length) {
      this.end = this.position = length;
      return Token.UnclosedQuote;
    }
    this.end = this.position = at + 1;
    if (at + 1 < length) {
      const code = text.charCodeAt(at + 1);
      const apart =
        code === SPACE ||
        code === SEMICOLON ||
        code === LF ||
        code === OPEN ||
        code === TAB ||
        code === CR ||
        code === PAREN;
      if (!apart) return Token.GluedQuote;
    }
    return Token.Word;
  }
}
