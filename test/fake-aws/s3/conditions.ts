import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../errors.ts';
import type { S3Input } from './protocol.ts';
import { noSuchKey, type Version } from './state.ts';

/** Bytes that PutObject takes. */
const LARGEST = 5 * 1024 ** 3;

/** `If-Match` and `If-None-Match` of writes, as they are since 2024. */
export function checkConditions(current: Version | undefined, { headers }: S3Input): void {
  const there = current?.content === null ? undefined : current;
  const { 'if-match': match, 'if-none-match': none } = headers;
  if (none !== undefined && none !== '*')
    throw new AwsError(
      501,
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    );
  if (none !== undefined && there !== undefined) throw preconditionFailed();
  if (match === undefined) return;
  if (there === undefined) throw noSuchKey();
  if (match.replaceAll('"', '') !== there.etag.replaceAll('"', '')) throw preconditionFailed();
}

function preconditionFailed(): AwsError {
  return new AwsError(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
  );
}

/** Digests that a request tells of its body, and its size. */
export function checkDigests({ headers, bytes }: S3Input): void {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  const told = headers['x-amz-checksum-crc32'];
  const md5 = headers['content-md5'];
  if (
    (told !== undefined && told !== sum.toString('base64')) ||
    (md5 !== undefined && md5 !== createHash('md5').update(bytes).digest('base64'))
  )
    throw new AwsError(
      400,
      'BadDigest',
      'The Content-MD5 or checksum value that you specified did not match what the server received.',
    );
  if (bytes.length > LARGEST)
    throw new AwsError(
      400,
      'EntityTooLarge',
      'Your proposed upload exceeds the maximum allowed object size.',
    );
}
