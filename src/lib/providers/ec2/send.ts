import { createHash } from 'node:crypto';
import { partitionOf } from '../../aws/partition.ts';
import type { Bucket } from '../../aws/s3.ts';
import { UserError } from '../../errors.ts';
import { INLINE_BYTES, isInline } from '../../render/cloudformation/write.ts';
import type { Send } from './world.ts';

/**
 * Small templates go with the call, larger ones by the bucket of the stack.
 * @param find the bucket; null where there is none yet.
 */
export function sendBy(find: () => Promise<Bucket | null>): Send {
  return async (text) => {
    if (isInline(text)) return { text };
    const bytes = Buffer.from(text);
    const bucket = await find();
    if (bucket === null)
      throw new UserError(
        'failed',
        'no-bucket',
        `the stack has lost the bucket by which its template comes, whose ${bytes.length} bytes are more than the ${INLINE_BYTES} that a call can hold`,
        { hint: 'delete the stack and make it anew: lbctl down, then lbctl up' },
      );
    try {
      const key = `templates/${createHash('sha256').update(bytes).digest('hex')}.json`;
      await bucket.put(key, bytes);
      const { suffix } = partitionOf(bucket.region);
      return { url: `https://${bucket.name}.s3.${bucket.region}.${suffix}/${key}` };
    } finally {
      bucket.close();
    }
  };
}
