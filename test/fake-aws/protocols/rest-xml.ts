import { AwsError, type Common, MESSAGES } from '../errors.ts';
import type { Protocol, Received, Sent } from './protocol.ts';
import { element, parseXml, printXml, type Xml } from './xml.ts';

/** What an operation gets: what its path and query hold, and the body. */
export interface RestInput {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: Xml;
}

export interface RestOutput {
  /** 200 when left out. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Xml;
}

/** Status and code, from the "Common Errors" of Route 53 and what it is known to answer (status unverified). */
const COMMON: Readonly<Record<Common, readonly [number, string]>> = {
  'no token': [403, 'MissingAuthenticationToken'],
  malformed: [400, 'IncompleteSignature'],
  'unknown key': [403, 'InvalidClientTokenId'],
  'bad signature': [403, 'SignatureDoesNotMatch'],
  expired: [403, 'ExpiredToken'],
  denied: [403, 'AccessDenied'],
  throttled: [400, 'Throttling'],
  internal: [500, 'InternalFailure'],
};

interface RestXml {
  readonly namespace: string;
  /** Method and path by operation, such as `GET /2013-04-01/hostedzone/{Id}`; a slash at the end counts for nothing. */
  readonly routes: Readonly<Record<string, string>>;
}

/** XML whose operations are told apart by method and path. The body of an AwsError is an element that is the answer. */
export function restXml({ namespace, routes }: RestXml): Protocol {
  const known = Object.entries(routes).map(([operation, route]) => ({ operation, parts: split(route) }));
  const write = (status: number, body: Xml | undefined, requestId: string, more = {}): Sent => ({
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId, ...more },
    body: body === undefined ? '' : printXml(body, namespace),
  });
  return {
    read(request) {
      const asked = split(`${request.method} ${request.path}`);
      for (const { operation, parts } of known) {
        const path = match(parts, asked);
        if (path !== undefined) return { operation, input: readInput(request, path) };
      }
      throw new AwsError(404, 'UnknownOperationException', 'Could not find operation for the request');
    },
    answer(output, requestId) {
      const { status = 200, headers, body } = output as RestOutput;
      return write(status, body, requestId, headers);
    },
    refuse(error, requestId) {
      const usual = element(
        'ErrorResponse',
        element(
          'Error',
          element('Type', error.status < 500 ? 'Sender' : 'Receiver'),
          element('Code', error.code),
          element('Message', error.message),
        ),
        element('RequestId', requestId),
      );
      return write(error.status, (error.body as Xml | undefined) ?? usual, requestId);
    },
    common: (what) => new AwsError(...COMMON[what], MESSAGES[what]),
  };
}

function split(route: string): readonly string[] {
  return route.replace(/\/$/u, '').split(/[ /]+/u);
}

function match(parts: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== asked.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    if (part.startsWith('{')) found[part.slice(1, -1)] = decodeURIComponent(asked[index]!);
    else if (part !== asked[index]) return undefined;
  }
  return found;
}

function readInput({ query, body }: Received, path: Record<string, string>): RestInput {
  const input = { path, query: Object.fromEntries(new URLSearchParams(query)) };
  if (body === '') return input;
  const root = parseXml(body);
  if (root === undefined) throw new AwsError(400, 'MalformedInput', 'Could not parse XML');
  return { ...input, body: root };
}
