/** What the SDK makes calls with, as far as it matters here. */
export interface Handler {
  handle(
    request: Request,
    options?: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly response: Answer }>;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}
