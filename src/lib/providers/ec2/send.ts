import { createHash } from 'node:crypto';
import type { Bucket } from '../../aws/s3.ts';
import { UserError } from '../../errors.ts';
import { INLINE_BYTES } from '../../render/cloudformation/write.ts';
import type { Send } from './world.ts';

/**
 * Small templates go with the call, larger ones by the bucket of the stack.
 * @param find the bucket; null where there is none yet.
 */
export function sendBy(find: () => Promise<Bucket | null>): Send {
  return async (text) => {
    const bytes = Buffer.from(text);
    if (bytes.length <= INLINE_BYTES) return { text };
    const bucket = await find();
    if (bucket === null)
      throw new UserError(
        'failed',
        'template-too-large',
        `the template has ${bytes.length} bytes, and the first one of a stack can have ${INLINE_BYTES}`,
        { hint: 'bring it up with fewer listeners or alarms first, and with all of them then' },
      );
    try {
      const key = `templates/${createHash('sha256').update(bytes).digest('hex')}.json`;
      await bucket.put(key, bytes);
      return { url: `https://${bucket.name}.s3.${bucket.region}.amazonaws.com/${key}` };
    } finally {
      bucket.close();
    }
  };
}
