/** Something that happened while library code worked, for the person watching. */
export interface Progress {
  /** `start` opens a step that takes time, `done` and `failed` close it, `info` and `warn` stand alone. */
  readonly kind: 'start' | 'done' | 'failed' | 'info' | 'warn';
  readonly text: string;
}

/** How library code speaks; commands pass one in, tests pass a recording one. */
export interface Io {
  notify(progress: Progress): void;
  /** Asks yes or no, default no. Without a terminal it throws a UserError that names `--yes`. */
  confirm(question: string): Promise<boolean>;
}
