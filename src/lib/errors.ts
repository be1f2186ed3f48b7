/** A stretch of a source file; lines and columns count from 1, the end column is exclusive. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Text of `line`, for showing it with a caret. */
  readonly sourceLine?: string;
}

/** One thing wrong with what the user wrote. */
export interface Problem {
  readonly message: string;
  readonly hint?: string;
  readonly span?: Span;
}

/**
 * Decides the exit code: `usage` and `input` are the user's to mend (2), `failed` is an operation that
 * did not succeed (3), `denied` is missing or insufficient credentials (4).
 */
export type ErrorKind = 'usage' | 'input' | 'failed' | 'denied';

interface UserErrorDetails {
  /** What to do next, if possible a command that can be run as it stands. */
  readonly hint?: string | undefined;
  readonly span?: Span | undefined;
  readonly cause?: unknown;
  /** Lines of evidence, such as the output of a program that refused. */
  readonly evidence?: readonly string[] | undefined;
  /** What was done all the same, as keys of the document that `--json` prints. */
  readonly done?: Readonly<Record<string, unknown>> | undefined;
}

/** An error whose message is meant for the person at the terminal; anything else is a defect of lbctl. */
export class UserError extends Error {
  readonly hint: string | undefined;
  readonly span: Span | undefined;
  readonly evidence: readonly string[];
  readonly done: Readonly<Record<string, unknown>>;

  /** @param code stable name in kebab case, for scripts that read `--json`. */
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    details: UserErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'UserError';
    this.hint = details.hint;
    this.span = details.span;
    this.evidence = details.evidence ?? [];
    this.done = details.done ?? {};
  }
}

/** Files that are wrong in one or more places; all of them are told at once. */
export class InvalidInput extends UserError {
  /** @param file one that has problems, or several. */
  constructor(
    readonly file: string | readonly string[],
    readonly problems: readonly Problem[],
    details: UserErrorDetails = {},
  ) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const files = [file].flat();
    const subject = files.length === 1 ? `${files[0]} has` : `${files.length} files have`;
    super('input', 'invalid-input', `${subject} ${count}`, details);
    this.name = 'InvalidInput';
  }
}

/** Why the system has refused something, in its own words: `permission denied` of `EACCES: permission denied, open '/x'`. */
export function reasonOf(error: unknown): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  return message.replace(`${code}: `, '').split(`, ${syscall}`)[0]!;
}

/** The user said no, or pressed Ctrl-C: not a failure, and nothing to explain. */
export class Aborted extends Error {
  constructor(message = 'stopped; nothing more was changed') {
    super(message);
    this.name = 'Aborted';
  }
}
