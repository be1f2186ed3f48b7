import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../errors.ts';
import { element, parseXml, type Xml } from '../protocols/xml.ts';
import { type Context, defineService, type Operation } from '../service.ts';
import { type S3Input, type S3Output, s3Protocol } from './protocol.ts';

interface Version {
  readonly id: string;
  /** In base 64; null for a delete marker. */
  readonly content: string | null;
  readonly etag: string;
  readonly modified: number;
}

interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly versioned: boolean;
  /** Versions by key, the newest first. */
  readonly objects: Record<string, Version[]>;
}

interface State {
  readonly buckets: Bucket[];
  /** Names versions. */
  count: number;
}

/** Keys that one call deletes, or one page lists. */
const MOST = 1000;
/** Bytes that PutObject takes. */
const LARGEST = 5 * 1024 ** 3;

type Run = (state: State, input: S3Input, context: Context) => S3Output;
const reading = (run: Run): Operation<State> => ({ mutates: false, run: run as Operation<State>['run'] });
const changing = (run: Run): Operation<State> => ({ mutates: true, run: run as Operation<State>['run'] });

function bucketIn({ buckets }: State, { bucket: name }: S3Input, { region }: Context): Bucket {
  const bucket = buckets.find((one) => one.name === name);
  if (bucket === undefined) throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist');
  if (bucket.region !== region)
    throw new AwsError(
      301,
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    );
  return bucket;
}

const noSuchKey = (): AwsError => new AwsError(404, 'NoSuchKey', 'The specified key does not exist.');

function versionOf(bucket: Bucket, { key, query }: S3Input): Version {
  const { versionId } = query;
  const versions = bucket.objects[key] ?? [];
  const found = versionId === undefined ? versions[0] : versions.find(({ id }) => id === versionId);
  if (found === undefined && versionId !== undefined)
    throw new AwsError(404, 'NoSuchVersion', 'The specified version does not exist.');
  if (found === undefined || found.content === null) throw noSuchKey();
  return found;
}

function headersOf({ id, etag, modified, content }: Version, { versioned }: Bucket): Record<string, string> {
  return {
    etag,
    'last-modified': new Date(modified).toUTCString(),
    'content-type': 'application/octet-stream',
    'content-length': String(Buffer.from(content!, 'base64').length),
    ...(versioned ? { 'x-amz-version-id': id } : {}),
  };
}

/** `If-Match` and `If-None-Match` of writes, as they are since 2024. */
function checkConditions(current: Version | undefined, { headers }: S3Input): void {
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

function checkDigests({ headers, bytes }: S3Input): void {
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

function add(state: State, bucket: Bucket, key: string, content: Uint8Array | null, now: Date): Version {
  const version = {
    id: bucket.versioned ? `v${++state.count}.${'x'.repeat(24)}` : 'null',
    content: content === null ? null : Buffer.from(content).toString('base64'),
    etag: `"${createHash('md5')
      .update(content ?? '')
      .digest('hex')}"`,
    modified: now.getTime(),
  };
  bucket.objects[key] = [version, ...(bucket.versioned ? (bucket.objects[key] ?? []) : [])];
  return version;
}

function remove(
  state: State,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  now: Date,
): string | undefined {
  if (versionId === undefined && bucket.versioned) return add(state, bucket, key, null, now).id;
  const left = (bucket.objects[key] ?? []).filter(({ id }) => versionId !== undefined && id !== versionId);
  if (left.length === 0) delete bucket.objects[key];
  else bucket.objects[key] = left;
  return versionId;
}

function pageSize({ query }: S3Input): number {
  const size = Number(query['max-keys'] ?? MOST);
  if (!Number.isInteger(size) || size < 0)
    throw new AwsError(
      400,
      'InvalidArgument',
      'Argument maxKeys must be an integer between 0 and 2147483647',
    );
  return Math.min(size, MOST);
}

const child = (xml: Xml, name: string): string | undefined =>
  xml.children.find((one) => one.name === name)?.text;

const operations: Record<string, Operation<State>> = {
  CreateBucket: changing((state, { bucket: name }, { region }) => {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u.test(name))
      throw new AwsError(400, 'InvalidBucketName', 'The specified bucket is not valid.');
    if (state.buckets.some((one) => one.name === name))
      throw new AwsError(
        409,
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
      );
    state.buckets.push({ name, region, versioned: true, objects: {} });
    return { headers: { location: `/${name}` } };
  }),
  HeadBucket: reading((state, input, context) => {
    bucketIn(state, input, context);
    return {};
  }),
  DeleteBucket: changing((state, input, context) => {
    const bucket = bucketIn(state, input, context);
    if (Object.keys(bucket.objects).length > 0)
      throw new AwsError(
        409,
        'BucketNotEmpty',
        'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
      );
    state.buckets.splice(state.buckets.indexOf(bucket), 1);
    return { status: 204 };
  }),
  PutObject: changing((state, input, context) => {
    const bucket = bucketIn(state, input, context);
    if (Buffer.byteLength(input.key) > 1024)
      throw new AwsError(400, 'KeyTooLongError', 'Your key is too long');
    checkConditions(bucket.objects[input.key]?.[0], input);
    checkDigests(input);
    const { etag, id } = add(state, bucket, input.key, input.bytes, context.now);
    return { headers: { etag, ...(bucket.versioned ? { 'x-amz-version-id': id } : {}) } };
  }),
  GetObject: reading((state, input, context) => {
    const bucket = bucketIn(state, input, context);
    const version = versionOf(bucket, input);
    return { headers: headersOf(version, bucket), body: Buffer.from(version.content!, 'base64') };
  }),
  HeadObject: reading((state, input, context) => {
    const bucket = bucketIn(state, input, context);
    return { headers: headersOf(versionOf(bucket, input), bucket) };
  }),
  DeleteObject: changing((state, input, context) => {
    const bucket = bucketIn(state, input, context);
    remove(state, bucket, input.key, input.query['versionId'], context.now);
    return { status: 204 };
  }),
  DeleteObjects: changing((state, input, context) => {
    const bucket = bucketIn(state, input, context);
    checkDigests(input);
    const named = ['content-md5', 'x-amz-checksum-crc32'].some((name) => input.headers[name] !== undefined);
    if (!named)
      throw new AwsError(400, 'InvalidRequest', 'Missing required header for this request: Content-MD5');
    const root = parseXml(Buffer.from(input.bytes).toString('utf8'));
    const wanted = root?.children.filter(({ name }) => name === 'Object') ?? [];
    if (root?.name !== 'Delete' || wanted.length === 0 || wanted.length > MOST)
      throw new AwsError(
        400,
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
      );
    const deleted = wanted.map((one) => {
      const [key, version] = [child(one, 'Key')!, child(one, 'VersionId')];
      remove(state, bucket, key, version, context.now);
      return element(
        'Deleted',
        element('Key', key),
        version === undefined ? undefined : element('VersionId', version),
      );
    });
    return { body: element('DeleteResult', ...(child(root, 'Quiet') === 'true' ? [] : deleted)) };
  }),
  ListObjectVersions: reading((state, input, context) => {
    const bucket = bucketIn(state, input, context);
    const size = pageSize(input);
    const { prefix = '', 'key-marker': afterKey, 'version-id-marker': afterVersion } = input.query;
    const all = Object.keys(bucket.objects)
      .filter((key) => key.startsWith(prefix))
      .toSorted()
      .flatMap((key) =>
        bucket.objects[key]!.map((version, index) => ({ key, version, latest: index === 0 })),
      );
    const last = all.findLastIndex(
      ({ key, version }) => key === afterKey && (afterVersion === undefined || version.id === afterVersion),
    );
    const rest = all.slice(afterKey === undefined ? 0 : last + 1);
    const page = rest.slice(0, size);
    const more = rest.length > size;
    const end = page.at(-1);
    return {
      body: element(
        'ListVersionsResult',
        element('Name', bucket.name),
        element('IsTruncated', more),
        more ? element('NextKeyMarker', end!.key) : undefined,
        more ? element('NextVersionIdMarker', end!.version.id) : undefined,
        ...page.map(({ key, version, latest }) =>
          element(
            version.content === null ? 'DeleteMarker' : 'Version',
            element('Key', key),
            element('VersionId', version.id),
            element('IsLatest', latest),
            element('LastModified', new Date(version.modified).toISOString()),
            version.content === null ? undefined : element('ETag', version.etag),
            version.content === null
              ? undefined
              : element('Size', Buffer.from(version.content, 'base64').length),
          ),
        ),
      ),
    };
  }),
  ListObjectsV2: reading((state, input, context) => {
    const bucket = bucketIn(state, input, context);
    const size = pageSize(input);
    const { prefix = '', 'continuation-token': token } = input.query;
    const all = Object.keys(bucket.objects)
      .filter((key) => key.startsWith(prefix) && bucket.objects[key]![0]!.content !== null)
      .toSorted()
      .filter((key) => token === undefined || key > Buffer.from(token, 'base64').toString('utf8'));
    const page = all.slice(0, size);
    return {
      body: element(
        'ListBucketResult',
        element('Name', bucket.name),
        element('KeyCount', page.length),
        element('IsTruncated', all.length > size),
        all.length > size
          ? element('NextContinuationToken', Buffer.from(page.at(-1)!).toString('base64'))
          : undefined,
        ...page.map((key) => {
          const { modified, etag, content } = bucket.objects[key]![0]!;
          return element(
            'Contents',
            element('Key', key),
            element('LastModified', new Date(modified).toISOString()),
            element('ETag', etag),
            element('Size', Buffer.from(content!, 'base64').length),
          );
        }),
      ),
    };
  }),
};

/** What IAM calls an operation, where that is something else. */
const ACTIONS: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  HeadBucket: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  DeleteObjects: 'DeleteObject',
};

/** S3 with buckets that keep versions, as far as releases need it. */
export function fakeS3(buckets: readonly { readonly name: string; readonly region: string }[] = []) {
  const service = defineService<State>({
    name: 's3',
    protocol: s3Protocol,
    state: { buckets: buckets.map((bucket) => ({ ...bucket, versioned: true, objects: {} })), count: 0 },
    operations,
    action: (operation) => ACTIONS[operation] ?? operation,
    inventory: ({ buckets }) =>
      buckets.map(({ name, objects }) => ({
        name,
        objects: Object.fromEntries(
          Object.keys(objects)
            .toSorted()
            .map((key) => [
              key,
              objects[key]!.map(({ etag, content }) => (content === null ? 'deleted' : etag)),
            ]),
        ),
      })),
  });
  return {
    ...service,
    /** What is in a bucket now; undefined where nothing is. */
    content(bucket: string, key: string): Buffer | undefined {
      const content = service.state().buckets.find(({ name }) => name === bucket)?.objects[key]?.[0]?.content;
      return content === undefined || content === null ? undefined : Buffer.from(content, 'base64');
    },
  };
}
