import type { Handler } from './handler.ts';

/** Name of the error of a call that has been waited for long enough: the SDK does not make it again. */
export const NO_ANSWER = 'NoAnswer';

/** Milliseconds until a service has begun to answer what is only read: the slowest calls of Lightsail take some ten seconds. */
const READ = 20_000;
/** Milliseconds of waiting in vain behind which a read is not made again. */
const ENOUGH = 30_000;

/**
 * Bounds what reads take over all their attempts: somebody waits for them. What changes something is waited for as long
 * as each attempt may take, as giving up does not tell whether it has been done.
 */
export function boundReads(handler: Handler): void {
  const handle = handler.handle.bind(handler);
  /** Milliseconds waited in vain, by the id that all attempts of a call share. */
  const waited = new Map<string, number>();
  handler.handle = async (request, options) => {
    if (!isRead(request)) return handle(request, options);
    const start = Date.now();
    const id = request.headers['amz-sdk-invocation-id'] ?? '';
    try {
      const answer = await handle(request, { ...options, requestTimeout: READ });
      waited.delete(id);
      return answer;
    } catch (error) {
      const total = (waited.get(id) ?? 0) + Date.now() - start;
      waited.set(id, total);
      if (total < ENOUGH) throw error;
      waited.delete(id);
      // without its cause, for which the SDK would try again
      throw Object.assign(new Error('it does not answer in time'), { name: NO_ANSWER });
    }
  };
}

/** Whether a call only reads, by its operation, which stands at a place of its own in each protocol of AWS. */
function isRead({ method, headers, path, body }: Parameters<Handler['handle']>[0]): boolean {
  if (method === 'GET') return true;
  const target = headers['x-amz-target'];
  const operation =
    (target && /\.(\w+)$/u.exec(target)?.[1]) ||
    /\/operation\/(\w+)$/u.exec(path)?.[1] ||
    (typeof body === 'string' && /(?:^|&)Action=(\w+)/u.exec(body)?.[1]) ||
    '';
  return /^(?:Get|List|Describe)/u.test(operation);
}
