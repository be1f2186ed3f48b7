import { AwsError } from '../errors.ts';
import { element, parseXml, type Xml } from '../protocols/xml.ts';
import { checkConditions, checkDigests } from './conditions.ts';
import { changing, MOST, type Operations, reading } from './operation.ts';
import { add, type Bucket, bucketIn, remove, type Version, versionOf } from './state.ts';

function headersOf({ id, etag, modified, content }: Version, { versioned }: Bucket): Record<string, string> {
  return {
    etag,
    'last-modified': new Date(modified).toUTCString(),
    'content-type': 'application/octet-stream',
    'content-length': String(Buffer.from(content!, 'base64').length),
    ...(versioned ? { 'x-amz-version-id': id } : {}),
  };
}

const child = (xml: Xml, name: string): string | undefined =>
  xml.children.find((one) => one.name === name)?.text;

export const ofObjects: Operations = {
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
};
