import { Aborted, UserError } from '../errors.ts';
import type { Call } from './call.ts';
import { WEB_PAGE } from './client.ts';
import { aheadOf } from './clock.ts';
import { tellingSlow } from './slow.ts';
import { kindOf, sentence, type Trouble } from './trouble.ts';

/**
 * What AWS answered, or did not, in words: `denied` where the caller may not or cannot be told, else `failed`; `input`
 * where no Region is named. What does not come from a call is given back as it is.
 */
export function awsFailure(error: unknown, call: Call): unknown {
  if (!(error instanceof Error) || error instanceof UserError || error instanceof Aborted) return error;
  const trouble = readTrouble(error);
  const kind = kindOf(trouble, process.env);
  if (kind === undefined) return error;
  const { code, hint, says } = kind;
  const where = call.region === undefined ? '' : ` in ${call.region}`;
  const what = says?.(trouble, process.env) ?? sentence(trouble.message);
  return new UserError(kind.kind, code, `cannot ${call.doing}${where}: ${what}${reference(trouble)}`, {
    hint: hint(trouble, call, process.env),
    cause: error,
  });
}

/** Makes a call and tells its failures in words. */
export async function attempt<Result>(call: Call, work: () => Promise<Result>): Promise<Result> {
  try {
    return await tellingSlow(call, work);
  } catch (error) {
    throw awsFailure(error, call);
  }
}

/** The code by which AWS refused a call; null where something else went wrong. */
export function codeOf(error: unknown): string | null {
  const cause = error instanceof UserError ? error.cause : error;
  const answered = cause instanceof Error && (cause as SdkError).$metadata?.httpStatusCode !== undefined;
  return answered ? cause.name : null;
}

interface SdkError extends Error {
  readonly code?: unknown;
  readonly $metadata?: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    readonly attempts?: number;
  };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly $retryable?: { readonly throttling?: boolean };
}

function readTrouble(error: SdkError): Trouble {
  const { $metadata, $response } = error;
  const socket = typeof error.code === 'string' ? error.code : null;
  return {
    name: $response?.headers?.['content-type']?.startsWith('text/html') ? WEB_PAGE : error.name,
    message: wordsOf(error),
    socket,
    answered: $metadata?.httpStatusCode !== undefined,
    status: $metadata?.httpStatusCode ?? null,
    request: $metadata?.requestId ?? null,
    attempts: $metadata?.attempts ?? null,
    throttled: error.$retryable?.throttling === true,
    ahead: aheadOf($response?.headers ?? {}, Date.now()) ?? null,
  };
}

/** What AWS says; what the SDK says in its place, where it could not read the answer, tells nobody anything. */
function wordsOf({ name, message }: Error): string {
  if (name === 'SyntaxError') return 'its answer is none of AWS';
  return message === 'UnknownError' ? '' : message;
}

/** ` (AccessDeniedException, request 6b…)`. */
function reference({ name, answered, status, request, attempts }: Trouble): string {
  const code = name === WEB_PAGE || /^(?:Error|SyntaxError|Unknown.*)$/u.test(name) ? `HTTP ${status}` : name;
  const parts = [
    ...(answered ? [code] : []),
    ...(request === null ? [] : [`request ${request}`]),
    ...(attempts !== null && attempts > 1 ? [`${attempts} attempts`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Who may not do one thing that `up` does may not do the next either, so that all is told. */
export function withPolicy(error: unknown): unknown {
  if (!(error instanceof UserError) || error.code !== 'access-denied') return error;
  const { kind, code, message, hint, cause } = error;
  return new UserError(kind, code, message, {
    cause,
    hint: `${hint}; lbctl up --iam-policy prints all that it needs`,
  });
}
