import { AwsError, type Common, MESSAGES } from '../errors.ts';
import type { Protocol, Received, Sent } from './protocol.ts';

/**
 * Status and code. From the pages "Common Errors" of services that speak JSON, and what DynamoDB is known to answer;
 * whether every such service has the same status is unverified.
 */
const COMMON: Readonly<Record<Common, readonly [number, string]>> = {
  'no token': [403, 'MissingAuthenticationTokenException'],
  malformed: [400, 'IncompleteSignatureException'],
  'unknown key': [400, 'UnrecognizedClientException'],
  'bad signature': [403, 'InvalidSignatureException'],
  expired: [400, 'ExpiredTokenException'],
  denied: [403, 'AccessDeniedException'],
  throttled: [400, 'ThrottlingException'],
  internal: [500, 'InternalFailure'],
};

/**
 * AWS JSON: POST to /, the operation in a header.
 * @param target prefix of the header, such as `Lightsail_20161128`.
 */
export function json(target: string, version: '1.0' | '1.1' = '1.1'): Protocol {
  const type = `application/x-amz-json-${version}`;
  return {
    read(request) {
      const [prefix, operation] = (request.headers['x-amz-target'] ?? '').split('.');
      if (request.method !== 'POST' || request.path !== '/' || prefix !== target || !operation)
        throw new AwsError(400, 'UnknownOperationException', '');
      return { operation, input: readBody(request, type) };
    },
    answer: (output, requestId) => write(200, output, requestId, type),
    refuse: ({ status, code, message, body }, requestId) =>
      write(status, body ?? { __type: code, message }, requestId, type),
    common: (what) => new AwsError(...COMMON[what], MESSAGES[what]),
  };
}

function readBody({ headers, body }: Received, type: string): object {
  if (headers['content-type'] !== type) throw new AwsError(400, 'SerializationException', `not ${type}`);
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // told below
  }
  throw new AwsError(400, 'SerializationException', 'Start of structure or map expected where not found');
}

/** Times are seconds since 1970, as numbers. */
function write(status: number, value: unknown, requestId: string, type: string): Sent {
  const body = JSON.stringify(value, function (this: Record<string, unknown>, key, text: unknown) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : text;
  });
  return {
    status,
    headers: { 'content-type': type, 'x-amzn-requestid': requestId },
    body,
  };
}
