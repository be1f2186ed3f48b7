import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { clientOptions } from './client.ts';
import { attempt, codeOf } from './failure.ts';
import { allPages } from './pages.ts';

/** An object, and the name of this state of it. */
interface Found {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  /** Null where there is none. */
  get(key: string): Promise<Found | null>;
  /**
   * Writes an object where it is still in the state that was seen.
   * @param seen its ETag; null where there was none; left out where that does not matter.
   * @returns its new ETag; null where it is in another state by now.
   */
  put(key: string, bytes: Uint8Array, seen?: string | null): Promise<string | null>;
  /** Objects whose keys begin so, the oldest first. */
  list(prefix: string): Promise<readonly { readonly key: string; readonly modified: Date }[]>;
  /** What there was comes back while the bucket keeps its versions. */
  remove(keys: readonly string[]): Promise<void>;
  /** Removes all versions of all objects, so that the bucket can go. */
  empty(): Promise<void>;
  close(): void;
}

/** Keys that one call removes. */
const AT_ONCE = 1000;
/** Somebody else has written it, or is writing it just now. */
const OVERTAKEN = new Set(['PreconditionFailed', 'ConditionalRequestConflict']);

/** A bucket; one that is not there is told by each call. */
export function bucketNamed(name: string, region: string): Bucket {
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  // in place of S3 stand services that know no names below theirs
  const client = new S3Client({ ...clientOptions(region), forcePathStyle: endpoint !== undefined });
  const call = (doing: string, action: string) => ({
    doing: `${doing} in the bucket ${name}`,
    action: `s3:${action}`,
    region,
  });

  async function removeAll(
    objects: readonly { Key: string; VersionId?: string | undefined }[],
  ): Promise<void> {
    for (let from = 0; from < objects.length; from += AT_ONCE) {
      const Objects = objects.slice(from, from + AT_ONCE);
      await attempt(
        call('delete what is', objects[0]?.VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion'),
        () => client.send(new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } })),
      );
    }
  }

  return {
    name,
    region,
    async get(key) {
      try {
        return await attempt(call(`read ${key}`, 'GetObject'), async () => {
          const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: name, Key: key }));
          return { bytes: await Body!.transformToByteArray(), etag: ETag! };
        });
      } catch (error) {
        if (codeOf(error) === 'NoSuchKey') return null;
        throw error;
      }
    },
    async put(key, bytes, seen) {
      const condition = seen === undefined ? {} : seen === null ? { IfNoneMatch: '*' } : { IfMatch: seen };
      try {
        const { ETag } = await attempt(call(`write ${key}`, 'PutObject'), () =>
          client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: bytes, ...condition })),
        );
        return ETag!;
      } catch (error) {
        const code = codeOf(error) ?? '';
        if (OVERTAKEN.has(code) || (code === 'NoSuchKey' && seen !== undefined)) return null;
        throw error;
      }
    },
    async list(prefix) {
      const found = await allPages((ContinuationToken) =>
        attempt(call('list what is', 'ListBucket'), async () => {
          const page = await client.send(
            new ListObjectsV2Command({ Bucket: name, Prefix: prefix, ContinuationToken }),
          );
          return { items: page.Contents, next: page.NextContinuationToken };
        }),
      );
      return found
        .map(({ Key, LastModified }) => ({ key: Key!, modified: LastModified! }))
        .toSorted((a, b) => a.modified.getTime() - b.modified.getTime());
    },
    remove: (keys) => removeAll(keys.map((Key) => ({ Key }))),
    async empty() {
      // what comes meanwhile is found by the next look
      for (;;) {
        const page = await attempt(call('list what is', 'ListBucketVersions'), () =>
          client.send(new ListObjectVersionsCommand({ Bucket: name })),
        );
        const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
        if (all.length === 0) return;
        await removeAll(all.map(({ Key, VersionId }) => ({ Key: Key!, VersionId })));
      }
    },
    close: () => client.destroy(),
  };
}
