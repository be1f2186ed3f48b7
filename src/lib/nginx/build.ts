/** An argument: its value, which the writer quotes where NGINX needs it, or text that is written as it is. */
export type Word = string | { readonly raw: string };

/** What a directive was made of: a value of the description it comes from, or a stretch of that value's text. */
export interface Origin {
  /** Keys and list positions from the top. */
  readonly path: readonly (string | number)[];
  /** Offsets into the text, where only a part of it is meant. */
  readonly inside?: readonly [start: number, end: number];
}

/** A directive as the renderer makes it. */
export interface Built {
  readonly kind: 'directive';
  /** Left out where it is that of the block around. */
  readonly origin?: Origin;
  readonly name: Word;
  readonly args: readonly Word[];
  /** The statements between braces; undefined for a directive that ends in `;`. */
  readonly block?: readonly BuiltStatement[];
  /** Program text between braces, in directives such as `content_by_lua_block`. */
  readonly code?: string;
}

export interface BuiltComment {
  readonly kind: 'comment';
  readonly text: string;
}

/** Directives, comments, and blank lines that set groups apart. */
export type BuiltStatement = Built | BuiltComment | { readonly kind: 'blank' };

/** `name args…;` */
export function directive(name: Word, ...args: readonly (Word | number)[]): Built {
  return { kind: 'directive', name, args: args.map((arg) => (typeof arg === 'number' ? String(arg) : arg)) };
}

/** `name args… { block }` */
export function block(name: string, args: readonly Word[], statements: readonly BuiltStatement[]): Built {
  return { kind: 'directive', name, args, block: statements };
}

/** Says what directives come from, of those that do not say so themselves. */
export function from<S extends BuiltStatement>(path: Origin['path'], statements: readonly S[]): S[] {
  return statements.map((statement) =>
    statement.kind === 'directive' && !statement.origin ? { ...statement, origin: { path } } : statement,
  );
}

/** A comment line; its text says why, not what. */
export function comment(text: string): BuiltComment {
  return { kind: 'comment', text };
}

/** Groups of statements with a blank line between those that hold something. */
export function groups(...lists: readonly (readonly BuiltStatement[])[]): BuiltStatement[] {
  return lists
    .filter((list) => list.length > 0)
    .flatMap((list, index) => (index === 0 ? list : [{ kind: 'blank' } as const, ...list]));
}
