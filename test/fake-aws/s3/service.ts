import { defineService } from '../service.ts';
import { ofBuckets } from './buckets.ts';
import { lists } from './lists.ts';
import { ofObjects } from './objects.ts';
import { s3Protocol } from './protocol.ts';
import type { State } from './state.ts';

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
    operations: { ...ofBuckets, ...ofObjects, ...lists },
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
