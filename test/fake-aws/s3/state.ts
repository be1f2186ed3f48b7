import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { Context } from '../service.ts';
import type { S3Input } from './protocol.ts';

export interface Version {
  readonly id: string;
  /** In base 64; null for a delete marker. */
  readonly content: string | null;
  readonly etag: string;
  readonly modified: number;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly versioned: boolean;
  /** Versions by key, the newest first. */
  readonly objects: Record<string, Version[]>;
}

/** Buckets of all Regions. */
export interface State {
  readonly buckets: Bucket[];
  /** Names versions. */
  count: number;
}

/** @throws AwsError where there is none, or it is in another Region. */
export function bucketIn({ buckets }: State, { bucket: name }: S3Input, { region }: Context): Bucket {
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

export const noSuchKey = (): AwsError => new AwsError(404, 'NoSuchKey', 'The specified key does not exist.');

/** The version that is asked for, the newest one otherwise. */
export function versionOf(bucket: Bucket, { key, query }: S3Input): Version {
  const { versionId } = query;
  const versions = bucket.objects[key] ?? [];
  const found = versionId === undefined ? versions[0] : versions.find(({ id }) => id === versionId);
  if (found === undefined && versionId !== undefined)
    throw new AwsError(404, 'NoSuchVersion', 'The specified version does not exist.');
  if (found === undefined || found.content === null) throw noSuchKey();
  return found;
}

/** @param content null for a delete marker. */
export function add(
  state: State,
  bucket: Bucket,
  key: string,
  content: Uint8Array | null,
  now: Date,
): Version {
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

/** @returns the version that has gone, or that says that the key has. */
export function remove(
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
