import type { HeldCertificate } from './observe.ts';

export const DAY = 24 * 60 * 60 * 1000;

/** certbot renews 30 days before the end; what has fewer than these left was not renewed for nine days. */
const LATE = 21 * DAY;

/** Whether a certificate should have been renewed by now: short ones have a quarter of their time left by then. */
export function isLate({ from, until }: Pick<HeldCertificate, 'from' | 'until'>, now: Date): boolean {
  const life = until.getTime() - from.getTime();
  return until.getTime() - now.getTime() < Math.min(LATE, life / 4);
}

/** `in 20 days`, `in 3 hours`, `2 days ago`. */
export function distance(time: Date, now: Date): string {
  const ms = Math.abs(time.getTime() - now.getTime());
  if (ms < 60_000) return time < now ? 'a moment ago' : 'in a moment';
  const [count, unit] =
    ms >= 2 * DAY ? [ms / DAY, 'day'] : ms >= 7200_000 ? [ms / 3600_000, 'hour'] : [ms / 60_000, 'minute'];
  const amount = `${Math.floor(count)} ${unit}${Math.floor(count) === 1 ? '' : 's'}`;
  return time < now ? `${amount} ago` : `in ${amount}`;
}
