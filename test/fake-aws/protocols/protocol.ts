import type { AwsError, Common } from '../errors.ts';

/** A request as it came; header names are small. */
export interface Received {
  readonly method: string;
  /** Escapes as they came. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** The same as it came. */
  readonly bytes: Uint8Array;
}

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface Asked {
  readonly operation: string;
  readonly input: unknown;
}

/** How a service writes down what it is asked and answers. */
export interface Protocol {
  /** Throws an AwsError for what it cannot read. */
  read(request: Received): Asked;
  answer(output: unknown, requestId: string): Sent;
  refuse(error: AwsError, requestId: string): Sent;
  common(what: Common): AwsError;
}
