import { AwsError, type Common, MESSAGES } from '../errors.ts';
import type { Protocol, Received, Sent } from '../protocols/protocol.ts';
import { element, printXml, type Xml } from '../protocols/xml.ts';

/** What an operation gets. */
export interface S3Input {
  readonly bucket: string;
  /** Empty where it is about the bucket. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Uint8Array;
}

export interface S3Output {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Xml | Uint8Array;
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Status and code, from the page "Error responses" of S3. */
const COMMON: Readonly<Record<Common, readonly [number, string]>> = {
  'no token': [403, 'AccessDenied'],
  malformed: [400, 'AuthorizationHeaderMalformed'],
  'unknown key': [403, 'InvalidAccessKeyId'],
  'bad signature': [403, 'SignatureDoesNotMatch'],
  expired: [400, 'ExpiredToken'],
  denied: [403, 'AccessDenied'],
  throttled: [503, 'SlowDown'],
  internal: [500, 'InternalError'],
};

/** Operations by method, whether there is a key, and the first of the queries that tell them apart. */
const ROUTES: readonly (readonly [string, boolean, string, string])[] = [
  ['PUT', true, '', 'PutObject'],
  ['GET', true, '', 'GetObject'],
  ['HEAD', true, '', 'HeadObject'],
  ['DELETE', true, '', 'DeleteObject'],
  ['PUT', false, '', 'CreateBucket'],
  ['HEAD', false, '', 'HeadBucket'],
  ['DELETE', false, '', 'DeleteBucket'],
  ['GET', false, 'versions', 'ListObjectVersions'],
  ['GET', false, 'list-type', 'ListObjectsV2'],
  ['POST', false, 'delete', 'DeleteObjects'],
];
/** Queries that belong to operations which are told apart by nothing else. */
const OF_OBJECTS = new Set(['x-id', 'versionId']);

/** REST with XML around it: buckets in the path, as they are at an endpoint of one's own. */
export const s3Protocol: Protocol = {
  read(request) {
    const [, bucket = '', ...parts] = request.path.split('/');
    const key = decodeURIComponent(parts.join('/'));
    const query = Object.fromEntries(new URLSearchParams(request.query));
    const operation = operationOf(request, key, query);
    if (operation === undefined || bucket === '')
      throw new AwsError(
        501,
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
      );
    return { operation, input: { bucket, key, query, headers: request.headers, bytes: request.bytes } };
  },
  answer(output, requestId) {
    const { status = 200, headers, body } = output as S3Output;
    return send(status, requestId, body, headers);
  },
  refuse: ({ status, code, message }, requestId) =>
    send(
      status,
      requestId,
      element('Error', element('Code', code), element('Message', message), element('RequestId', requestId)),
    ),
  common: (what) =>
    new AwsError(
      ...COMMON[what],
      what === 'throttled'
        ? 'Please reduce your request rate.'
        : what === 'denied'
          ? 'Access Denied'
          : MESSAGES[what],
    ),
};

function operationOf(
  { method }: Received,
  key: string,
  query: Readonly<Record<string, string>>,
): string | undefined {
  const names = Object.keys(query);
  return ROUTES.find(([verb, keyed, name]) => {
    if (verb !== method || keyed !== (key !== '')) return false;
    return name === '' ? names.every((one) => OF_OBJECTS.has(one)) : names.includes(name);
  })?.[3];
}

function send(
  status: number,
  requestId: string,
  body: Xml | Uint8Array | undefined,
  headers: Readonly<Record<string, string>> = {},
): Sent {
  const ids = { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId };
  if (body === undefined) return { status, headers: { ...ids, ...headers }, body: '' };
  if (body instanceof Uint8Array) return { status, headers: { ...ids, ...headers }, body };
  const namespace = body.name === 'Error' ? undefined : NAMESPACE;
  return {
    status,
    headers: { ...ids, 'content-type': 'application/xml', ...headers },
    body: printXml(body, namespace),
  };
}
