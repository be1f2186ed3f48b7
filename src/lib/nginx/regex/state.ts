/** Length of what an item matches; undefined where it is not always the same. */
export type Length = number | undefined;

/** Something that a quantifier may follow. */
export interface Item {
  readonly length: Length;
  /** Looks at what stands around and takes nothing, however often. */
  readonly looks?: boolean;
}

/** Where the reading of a regular expression stands. */
export interface State {
  readonly pattern: string;
  at: number;
  /** Number of the capturing group that was opened last. */
  groups: number;
  /** Lengths of the groups that have been closed. */
  readonly lengths: Map<number, Length>;
  depth: number;
  /** Names of groups with their numbers. */
  readonly names: Map<string, number>;
  /** Groups that are referred to, which may come later. */
  readonly references: (number | string)[];
  /** Whether `(?x)` is on: white space and comments do not count. */
  extended: boolean;
  /** Whether `(?n)` is on: a group without a name is not counted. */
  namedOnly: boolean;
  /** Whether characters are more than bytes: `(*UTF)`. */
  readonly utf: boolean;
  /** Whether `(?J)` is on. */
  duplicateNames: boolean;
}

/** Why PCRE would refuse the expression. */
export class PatternError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** A name of a group up to its closing character, which is read, too. */
export function readName(state: State, close: string): string {
  const { pattern } = state;
  const name = /^\w*/u.exec(pattern.slice(state.at, state.at + 64))![0];
  state.at += name.length;
  if (name === '') throw new PatternError('the name of a group is empty');
  if (/^\d/u.test(name)) throw new PatternError(`the name of a group starts with a digit: ${name}`);
  if (name.length > 32) throw new PatternError(`the name of a group is longer than 32 characters: ${name}`);
  if (pattern[state.at] !== close) throw new PatternError(`${close} is missing behind the name ${name}`);
  state.at++;
  return name;
}
