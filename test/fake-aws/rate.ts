/** Whether one more call is within the rate of a key; calls that are not do not count. */
export type Rate = (key: string, now: number) => boolean;

/** A bucket for each key that starts full of `perSecond` calls, one at least, and fills at that rate. */
export function rateLimit(perSecond: number): Rate {
  const full = Math.max(1, perSecond);
  const buckets = new Map<string, { left: number; at: number }>();
  return (key, now) => {
    const bucket = buckets.get(key) ?? { left: full, at: now };
    const left = Math.min(full, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1;
  };
}
