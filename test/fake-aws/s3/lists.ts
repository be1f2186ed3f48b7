import { AwsError } from '../errors.ts';
import { element } from '../protocols/xml.ts';
import { MOST, type Operations, reading } from './operation.ts';
import type { S3Input } from './protocol.ts';
import { bucketIn } from './state.ts';

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

/** Objects of a bucket, page by page. */
export const lists: Operations = {
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
