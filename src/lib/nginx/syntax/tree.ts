/** A word as it stands in the file. */
export interface Word {
  /** Offset of the first character, the quote included. */
  readonly start: number;
  /** As written, quotes and backslashes included; the word ends at `start + raw.length`. */
  readonly raw: string;
  /** What NGINX makes of it: without quotes, escapes undone. Variables are left as they are. */
  readonly value: string;
}

/** `# …` up to the end of its line. */
export interface Comment {
  readonly kind: 'comment';
  readonly start: number;
  readonly end: number;
  /** With the `#`, without the line end. */
  readonly text: string;
}

/** `name arguments…;` or `name arguments… { … }`. */
export interface Directive {
  readonly kind: 'directive';
  /** Value of the first word. */
  readonly name: string;
  /** The name and the arguments. */
  readonly words: readonly Word[];
  readonly start: number;
  /** Offset behind the `;` or the closing brace, or behind the last word where these are missing. */
  end: number;
  /** The statements between braces; undefined for a directive that ends in `;`. */
  block: Block | undefined;
  /** Program text between braces, in directives such as `content_by_lua_block`. */
  readonly code: Code | undefined;
  /** Comments between the words. */
  readonly comments: readonly Comment[] | undefined;
}

/** What stands between the braces of a directive. */
export interface Block {
  /** Offset of the opening brace. */
  readonly open: number;
  /** Offset of the closing brace, or -1 where it is missing. */
  close: number;
  readonly statements: Statement[];
}

/** Text in another language between braces; `text` stands between `open + 1` and `close`. */
export interface Code {
  readonly open: number;
  readonly close: number;
  readonly text: string;
}

/** A piece that no directive could be made of, such as a brace too many; there is a problem for each. */
export interface Stray {
  readonly kind: 'stray';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type Statement = Directive | Comment | Stray;

/** Something NGINX would refuse, with the stretch of text it is about. */
export interface SyntaxProblem {
  /** `syntax/…`, stable. */
  readonly rule: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly start: number;
  readonly end: number;
  /** Another place that explains this one. */
  readonly related?: { readonly message: string; readonly start: number } | undefined;
}

/** A file that was read: every byte of it is in the tree or is white space between its parts. */
export interface Document {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** What is wrong with the text itself: braces, quotes, semicolons. In the order of the text. */
  readonly problems: readonly SyntaxProblem[];
}
