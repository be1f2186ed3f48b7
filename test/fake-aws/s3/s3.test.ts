import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeEach, expect, test } from 'vitest';
import { startFakeAws } from '../server.ts';
import { fakeS3 } from './service.ts';

const Bucket = 'shop';
let client: S3Client;
let s3: ReturnType<typeof fakeS3>;

beforeEach(async () => {
  s3 = fakeS3([{ name: Bucket, region: 'eu-west-1' }]);
  const { url, credentials } = await startFakeAws([s3]);
  client = new S3Client({
    endpoint: url,
    credentials,
    region: 'eu-west-1',
    forcePathStyle: true,
    maxAttempts: 1,
  });
});

const put = (Key: string, Body: string, more = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const status = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 200,
    (error: { name: string; $metadata: { httpStatusCode: number } }) =>
      `${error.$metadata.httpStatusCode} ${error.name}`,
  );

test('keeps bytes as they are, and their versions', async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
  const Key = `a b/ü+(1)'*~.tar`;
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key, Body: bytes }));
  await put(Key, 'two');
  const read = async (VersionId?: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return Buffer.from(await Body!.transformToByteArray());
  };
  expect([await read(VersionId), await read()]).toStrictEqual([Buffer.from(bytes), Buffer.from('two')]);
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  expect(await status(read())).toBe('404 NoSuchKey');
  expect(await read(VersionId)).toStrictEqual(Buffer.from(bytes));
  expect(await status(client.send(new HeadObjectCommand({ Bucket, Key })))).toBe('404 NotFound');
});

test('writes under conditions', async () => {
  expect(await status(put('it', 'one', { IfMatch: '"x"' }))).toBe('404 NoSuchKey');
  const { ETag } = await put('it', 'one', { IfNoneMatch: '*' });
  expect(await status(put('it', 'two', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
  await put('it', 'two', { IfMatch: ETag });
  expect(await status(put('it', 'three', { IfMatch: ETag }))).toBe('412 PreconditionFailed');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'it' }));
  expect(await status(put('it', 'four', { IfNoneMatch: '*' }))).toBe(200);
  expect(String(s3.content(Bucket, 'it'))).toBe('four');
});

test('refuses bytes that are not those of their checksum', async () => {
  expect(await status(put('it', 'one', { ChecksumCRC32: 'AAAAAA==' }))).toBe('400 BadDigest');
});

test('lists in pages', async () => {
  for (const key of ['a', 'b', 'c']) for (const body of ['1', '2']) await put(key, body);
  const all: string[] = [];
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 4, ...markers }));
    all.push(...page.Versions!.map(({ Key, IsLatest }) => `${Key} ${IsLatest}`));
    if (!page.IsTruncated) break;
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
  expect(all).toStrictEqual(['a true', 'a false', 'b true', 'b false', 'c true', 'c false']);
  const first = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2 }));
  const second = await client.send(
    new ListObjectsV2Command({ Bucket, ContinuationToken: first.NextContinuationToken }),
  );
  expect([first, second].map(({ Contents }) => Contents!.map(({ Key }) => Key))).toStrictEqual([
    ['a', 'b'],
    ['c'],
  ]);
});

test('buckets come and go, but not with something in them', async () => {
  await client.send(new CreateBucketCommand({ Bucket: 'other' }));
  await put('it', 'one');
  expect(await status(client.send(new DeleteBucketCommand({ Bucket })))).toBe('409 BucketNotEmpty');
  await client.send(new DeleteBucketCommand({ Bucket: 'other' }));
  expect(await status(client.send(new HeadBucketCommand({ Bucket: 'other' })))).toBe('404 NotFound');
});
