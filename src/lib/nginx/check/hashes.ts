/** Bytes of a cache line on the processors that NGINX usually runs on; sizes of buckets are rounded up to it. */
const CACHE_LINE = 64;

/**
 * Whether a key fits into a bucket of one of NGINX's hash tables (ngx_hash_init): the key with its length, rounded up
 * to pointers, a pointer to the value and one that ends the bucket.
 * @param bucket bytes, as the directive gives them.
 */
export function isHashable(key: string, bucket: number): boolean {
  const bytes = new TextEncoder().encode(key).length;
  const size = Math.ceil(bucket / CACHE_LINE) * CACHE_LINE;
  return 8 + Math.ceil((bytes + 2) / 8) * 8 + 8 <= size;
}
