import { createHash, createHmac } from 'node:crypto';
import type { Common } from './errors.ts';
import type { Received } from './protocols/protocol.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What a request is signed for: service and region as the client names them. */
export interface Scope {
  readonly key: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/u;

/** Reads the Authorization header of Signature Version 4. */
export function readScope({ headers }: Received): Scope | Extract<Common, 'no token' | 'malformed'> {
  const { authorization } = headers;
  if (authorization === undefined) return 'no token';
  const parts = FORM.exec(authorization);
  if (parts === null || headers['x-amz-date'] === undefined) return 'malformed';
  const [, key, day, region, service, signedHeaders, signature] = parts as unknown as string[];
  return {
    key: key!,
    day: day!,
    region: region!,
    service: service!,
    signedHeaders: signedHeaders!.split(';'),
    signature: signature!,
  };
}

/** Whether the one who signed knows the secret, and signed this very request. */
export function checkSignature(
  request: Received,
  scope: Scope,
  known: Credentials,
): Extract<Common, 'unknown key' | 'bad signature'> | undefined {
  if (scope.key !== known.accessKeyId) return 'unknown key';
  if (request.headers['x-amz-security-token'] !== known.sessionToken) return 'unknown key';
  const told = request.headers['x-amz-content-sha256'];
  if (scope.service === 's3' && told !== 'UNSIGNED-PAYLOAD' && told !== hash(request.bytes))
    return 'bad signature';
  return scope.signature === sign(request, scope, known.secretAccessKey) ? undefined : 'bad signature';
}

function sign(request: Received, scope: Scope, secret: string): string {
  // it has paths encoded once, and what is sent need not be signed
  const isS3 = scope.service === 's3';
  const canonical = [
    request.method,
    isS3 ? request.path : request.path.split('/').map(encode).join('/'),
    canonicalQuery(request.query),
    ...scope.signedHeaders.map(
      (name) => `${name}:${(request.headers[name] ?? '').trim().replaceAll(/ +/gu, ' ')}`,
    ),
    '',
    scope.signedHeaders.join(';'),
    isS3 ? request.headers['x-amz-content-sha256'] : hash(request.bytes),
  ].join('\n');
  const text = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'],
    `${scope.day}/${scope.region}/${scope.service}/aws4_request`,
    hash(canonical),
  ].join('\n');
  const key = [scope.day, scope.region, scope.service, 'aws4_request'].reduce<string | Buffer>(
    (key, part) => hmac(key, part),
    `AWS4${secret}`,
  );
  return hmac(key, text).toString('hex');
}

/** Sorted, with the escapes that the signature has, whatever those of the request are. */
function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name, ...value] = pair.split('=');
      return [name!, value.join('=')].map((part) => encode(decodeURIComponent(part))).join('=');
    })
    .toSorted()
    .join('&');
}

/** As RFC 3986 has it. Paths are encoded twice, as every service but S3 wants. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.codePointAt(0)!.toString(16).toUpperCase()}`,
  );
}

const hash = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
