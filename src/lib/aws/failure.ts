import { Aborted, UserError } from '../errors.ts';
import type { Call } from './call.ts';
import { kindOf, type Trouble } from './trouble.ts';

/**
 * What AWS answered, or did not, in words: `denied` where the caller may not or cannot be told, else `failed`; `input`
 * where no Region is named. What does not come from a call is given back as it is.
 */
export function awsFailure(error: unknown, call: Call): unknown {
  if (!(error instanceof Error) || error instanceof UserError || error instanceof Aborted) return error;
  const trouble = readTrouble(error);
  const kind = kindOf(trouble);
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
    return await work();
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
  readonly $retryable?: { readonly throttling?: boolean };
}

function readTrouble(error: SdkError): Trouble {
  const { $metadata } = error;
  const socket = typeof error.code === 'string' ? error.code : null;
  return {
    name: error.name,
    message: error.message,
    socket,
    answered: $metadata?.httpStatusCode !== undefined,
    status: $metadata?.httpStatusCode ?? null,
    request: $metadata?.requestId ?? null,
    attempts: $metadata?.attempts ?? null,
    throttled: error.$retryable?.throttling === true,
  };
}

/** ` (AccessDeniedException, request 6b…)`. */
function reference({ name, answered, status, request, attempts }: Trouble): string {
  const code = /^(?:Error|SyntaxError|Unknown.*)$/u.test(name) ? `HTTP ${status}` : name;
  const parts = [
    ...(answered ? [code] : []),
    ...(request === null ? [] : [`request ${request}`]),
    ...(attempts !== null && attempts > 1 ? [`${attempts} attempts`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function sentence(message: string): string {
  const [line = ''] = message.trim().split('\n');
  return line === '' ? 'AWS gives no reason' : line.replace(/\.$/u, '');
}
