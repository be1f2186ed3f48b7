import { AwsError } from '../errors.ts';
import { changing, type Operations, reading } from './operation.ts';
import { bucketIn } from './state.ts';

export const ofBuckets: Operations = {
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
};
