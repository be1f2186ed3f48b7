/** What a program on a node did. */
export interface Ran {
  /** Exit code; null where it was killed, or the connection went away. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** For its standard input; nothing when left out. */
  readonly input?: Uint8Array | undefined;
  /** Told each line of standard output as it comes, or at the end where the way brings it then. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** A way to a node. Programs are started from lists of words, which no shell on the way takes apart. */
export interface Transport {
  /** The node, for people: `this machine`, `ops@lb1.example.com`. */
  readonly name: string;
  /** Nodes that one call can ask, where it is more than one: to ask them one after another would take longer. */
  readonly atOnce?: number;
  /**
   * Runs a program with the rights that changing NGINX takes.
   * @throws UserError where the node cannot be reached or lets nobody in: `denied` or `failed`.
   */
  run(words: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Lets go of the connection. */
  close(): Promise<void>;
}
