import { beforeEach, describe, expect, test } from 'vitest';
import { type Bucket, bucketNamed } from '../../../../src/lib/aws/s3.ts';
import { UserError } from '../../../../src/lib/errors.ts';
import { type Store, storeIn } from '../../../../src/lib/release/store/store.ts';
import { fakeS3 } from '../../../fake-aws/s3/service.ts';
import { type FakeAws, startFakeAws } from '../../../fake-aws/server.ts';
import { atEnd } from '../../../support/lifetime.ts';

const NAME = 'lbctl-shop-releases';
const ABOUT = { author: 'ops@here', message: '', source: 'lb.yaml' };
const release = (id: string, content = id) => ({
  id: id.padEnd(16, '0'),
  files: [{ path: 'nginx.conf', content: Buffer.from(content), mode: 0o644 }],
  about: ABOUT,
  drained: ['web/10.0.0.1:80'],
});
const failed = (work: Promise<unknown>): Promise<UserError> =>
  work.then(
    () => expect.unreachable('it should be refused'),
    (error: unknown) => error as UserError,
  );

let aws: FakeAws;
let s3: ReturnType<typeof fakeS3>;
let bucket: Bucket;
let store: Store;

beforeEach(async () => {
  s3 = fakeS3([{ name: NAME, region: 'eu-west-1' }]);
  aws = await startFakeAws([s3]);
  Object.assign(process.env, aws.env, { AWS_MAX_ATTEMPTS: '2' });
  bucket = bucketNamed(NAME, 'eu-west-1');
  store = storeIn(bucket);
  atEnd(() => store.close());
});

const text = (key: string): string => String(s3.content(NAME, key));
const keys = async (): Promise<string[]> => (await bucket.list('')).map(({ key }) => key);

describe('the pointer', () => {
  test('is a key a line, beside the archive and the script that it names', async () => {
    const { pointer } = await store.move(release('abc'), await store.look());
    expect(text('current').split('\n')).toContain('  "release": "abc0000000000000",');
    expect(JSON.parse(text('current'))).toStrictEqual({ schemaVersion: 1, ...pointer });
    expect(pointer!.archive).toBe(`releases/${pointer!.sha256}.tar`);
    expect(text(pointer!.archive)).toContain('nginx.conf');
    expect(text(pointer!.script)).toMatch(/^#!\/bin\/sh\n# What lbctl does on a node/u);
    expect((await store.look()).pointer).toStrictEqual(pointer);
  });

  test('knows what was current before, with its files', async () => {
    for (const id of ['aaa', 'bbb', 'bbb', 'ccc', 'aaa']) await store.move(release(id), await store.look());
    const former = await store.former();
    expect(former.map(({ id }) => id)).toStrictEqual(['ccc0000000000000', 'bbb0000000000000']);
    expect(await former[0]!.files()).toStrictEqual(release('ccc').files);
    const [, sha256] = /bbb0+=(\w+)/u.exec((await store.look()).pointer!.earlier)!;
    await bucket.remove([`releases/${sha256}.tar`]);
    expect(await former[1]!.files()).toBeNull();
    // each on a line of its own, of which nodes read theirs alone
    expect(text('current').match(/"release"/gu)).toHaveLength(1);
  });

  test('of one that knew nothing of those before is taken as it is', async () => {
    const { pointer } = await store.move(release('aaa'), await store.look());
    const { earlier: _, ...old } = pointer!;
    await bucket.put('current', Buffer.from(JSON.stringify({ schemaVersion: 1, ...old })));
    expect(await store.former()).toStrictEqual([]);
    await store.move(release('bbb'), await store.look());
    expect((await store.former()).map(({ id }) => id)).toStrictEqual(['aaa0000000000000']);
  });

  test('of two that move it at once, one is told', async () => {
    const seen = await store.look();
    await store.move(release('abc'), seen);
    const error = await failed(store.move(release('def'), seen));
    expect([error.code, error.message]).toStrictEqual([
      'pointer-moved',
      `somebody else has brought release abc0000000000000 to ${NAME} meanwhile: new nodes serve that`,
    ]);
    const now = await store.look();
    await store.move(release('def'), now);
    expect((await failed(store.move(release('123'), now))).code).toBe('pointer-moved');
  });

  test('is moved once where the answer is lost', async () => {
    await store.move(release('abc'), await store.look());
    const seen = await store.look();
    aws.fail({ operation: 'PutObject', fault: 'internal after', skip: 1 });
    await store.move(release('def'), seen);
    expect((await store.look()).pointer!.release).toBe('def0000000000000');
  });

  test('that is none is replaced', async () => {
    await bucket.put('current', Buffer.from('{ no'));
    const seen = await store.look();
    expect(seen.pointer).toBeNull();
    await store.move(release('abc'), seen);
    expect((await store.look()).pointer!.release).toBe('abc0000000000000');
  });

  test('is not moved while S3 has a conflict, which is somebody else', async () => {
    const { AwsError } = await import('../../../fake-aws/errors.ts');
    const seen = await store.look();
    const conflict = new AwsError(409, 'ConditionalRequestConflict', 'try again');
    aws.fail({
      operation: 'PutObject',
      when: ({ input }) => (input as { key: string }).key === 'current',
      fault: { error: conflict },
      times: 3,
    });
    expect((await failed(store.move(release('abc'), seen))).message).toContain('has brought no release');
  });
});

describe('what is kept', () => {
  test('is brought once', async () => {
    const bytes = Buffer.from('what a node fetches');
    const [first, second] = await Promise.all([store.keep(bytes), store.keep(bytes)]);
    expect(first).toStrictEqual(second);
    await storeIn(bucket).keep(bytes);
    expect(aws.calls.map(({ operation, outcome }) => `${operation} ${outcome}`)).toStrictEqual([
      'PutObject OK',
      'PutObject PreconditionFailed',
    ]);
    expect(await keys()).toStrictEqual([first.key]);
  });

  test('is brought again where that failed', async () => {
    aws.fail({ fault: 'denied' });
    const error = await failed(store.keep(Buffer.from('it')));
    expect([error.kind, error.message]).toStrictEqual([
      'denied',
      expect.stringMatching(
        /^cannot write releases\/[0-9a-f]{64}\.tar in the bucket lbctl-shop-releases in eu-west-1: .*AccessDenied/u,
      ),
    ]);
    expect(error.hint).toContain('allow s3:PutObject');
    const { key } = await store.keep(Buffer.from('it'));
    expect(await keys()).toStrictEqual([key]);
  });

  test('goes when ten newer archives are there, and nobody is led to it', async () => {
    const seen = await store.move(release('first'), await store.look());
    const others: string[] = [];
    for (let n = 0; n < 12; n++) others.push((await store.keep(Buffer.from(`archive ${n}`))).key);
    await store.tidy();
    const left = await keys();
    expect(left).toContain(seen.pointer!.archive);
    expect(left.filter((key) => others.includes(key))).toHaveLength(10);
    // the bucket has its versions for a while
    expect(JSON.stringify(s3.inventory())).toContain('deleted');
  });
});

test('a bucket is emptied of all its versions', async () => {
  await store.move(release('abc'), await store.look());
  await store.move(release('def'), await store.look());
  await bucket.remove(['current']);
  await store.empty();
  expect(s3.inventory()).toStrictEqual([{ name: NAME, objects: {} }]);
});

test.each([
  ['gone', 'eu-west-1', 'NoSuchBucket'],
  [NAME, 'us-east-1', 'PermanentRedirect'],
])('bucket %s in %s is told: %s', async (name, region, code) => {
  const error = await failed(storeIn(bucketNamed(name, region)).look());
  expect(error.message).toMatch(
    new RegExp(`^cannot read current in the bucket ${name} in ${region}: .*${code}`, 'u'),
  );
});
