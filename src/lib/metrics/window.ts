import { UserError } from '../errors.ts';

/** A stretch of time, and how long one point of it lasts. */
export interface Window {
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  /** Seconds. */
  readonly period: number;
  /** What was made of what was asked for, in words; empty where nothing was changed. */
  readonly notes: readonly string[];
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/**
 * How long CloudWatch keeps samples of which length ("Metrics retention"): what is asked for in another length is
 * answered with nothing at all.
 */
const KEPT = [
  { days: 15, period: MINUTE },
  { days: 63, period: 5 * MINUTE },
  { days: 455, period: HOUR },
] as const;

/** Lengths that people read easily. */
const LENGTHS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, DAY] as const;

/** With no more points than these 500 series fit into one call, which may bring 100,800. */
const POINTS = 200;

/** What whoever is asked for samples can tell. */
export interface Limits {
  /** Seconds between two samples. */
  readonly sampled: number;
  /** Points that one series may have in one call. */
  readonly points: number;
}

/** Of GetMetricData, for the metrics of Network Load Balancers. */
export const CLOUDWATCH: Limits = { sampled: MINUTE, points: 100_800 };
/**
 * Of GetInstanceMetricData: all but status checks are sampled every five minutes ("Monitor Lightsail resources with health
 * metrics"). Points and ages are those of CloudWatch's GetMetricStatistics (1,440 a call; 15, 63 and 455 days), which
 * Lightsail says nothing of itself (unverified).
 */
export const LIGHTSAIL: Limits = { sampled: 5 * MINUTE, points: 1440 };

export interface WindowOptions {
  /** A time, or how long ago: `3h`, `2d`, `2026-01-31`, `2026-01-31T12:00Z`. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Such as `60s`, `5m` or `1h`; one that gives a good chart when left out. */
  readonly period?: string | undefined;
}

/**
 * What CloudWatch can answer of what was asked for. Its ends lie on whole periods.
 * @throws UserError `usage` where a time cannot be read, or nothing lies between the two.
 */
export function windowOf(
  { since = '3h', until, period }: WindowOptions,
  now: Date,
  limits: Limits = CLOUDWATCH,
): Window {
  const notes: string[] = [];
  const latest = now.getTime() / 1000;
  let to = until === undefined ? latest : readTime('--until', until, latest);
  let from = readTime('--since', since, latest);
  if (from >= latest)
    throw new UserError(
      'usage',
      'future-window',
      `--since ${since} lies in the future: it is ${utc(latest)}`,
      {
        hint: 'such as --since 3h, which is three hours ago',
      },
    );
  if (to > latest) {
    to = latest;
    if (until !== undefined) notes.push('--until lies in the future: it ends now');
  }
  if (from >= to)
    throw new UserError('usage', 'empty-window', 'there is no time between --since and --until', {
      hint: 'such as --since 3h, or --since 2026-01-31T12:00Z --until 2026-01-31T15:00Z',
    });
  const oldest = latest - KEPT.at(-1)!.days * DAY;
  if (to <= oldest)
    throw new UserError('usage', 'too-old', `CloudWatch keeps samples for ${KEPT.at(-1)!.days} days`, {
      hint: 'ask for a later time with --until',
    });
  if (from < oldest) {
    from = oldest;
    notes.push(`--since lies before what CloudWatch keeps, ${KEPT.at(-1)!.days} days: it begins there`);
  }
  const tier = KEPT.find(({ days }) => from >= latest - days * DAY)!;
  const length = lengthOf(period, {
    span: to - from,
    finest: Math.max(tier.period, limits.sampled),
    limits,
    notes,
  });
  // what is a little too old for such points when it is asked for would bring none at all
  const kept = latest - tier.days * DAY + MINUTE;
  const start = Math.floor(from / length) * length;
  const first = start >= kept ? start : Math.ceil(kept / length) * length;
  const last = Math.max(Math.ceil(to / length) * length, first + length);
  return { from: new Date(first * 1000), to: new Date(last * 1000), period: length, notes };
}

interface Bounds {
  readonly span: number;
  /** The shortest period that is kept for the oldest point. */
  readonly finest: number;
  readonly limits: Limits;
  readonly notes: string[];
}

function lengthOf(given: string | undefined, { span, finest, limits, notes }: Bounds): number {
  if (given === undefined)
    return LENGTHS.find((length) => length >= finest && span / length <= POINTS) ?? LENGTHS.at(-1)!;
  const wanted = readSpan('--period', given);
  const whole = Math.max(finest, Math.ceil(wanted / finest) * finest);
  const least = Math.ceil(span / limits.points / finest) * finest;
  const period = Math.max(whole, least);
  if (period !== wanted) {
    const why =
      period > whole
        ? `one answer has ${limits.points.toLocaleString('en-US')} points at most`
        : `so far back it keeps no finer points than ${spanText(finest)}`;
    const sampled =
      finest === MINUTE
        ? 'its points are whole minutes'
        : `what it tells is measured every ${spanText(finest)}`;
    const reason = wanted % finest !== 0 && finest === limits.sampled ? sampled : why;
    notes.push(`--period ${given} is taken as ${spanText(period)}: ${reason}`);
  }
  return period;
}

/** `2026-11-29 10:00 UTC`. */
function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

function readSpan(flag: string, text: string): number {
  const [, number, unit = ''] = /^(\d{1,7})([smhdw]?)$/u.exec(text) ?? [];
  const seconds = Number(number) * UNITS[unit]!;
  if (number === undefined || seconds === 0)
    throw new UserError('usage', 'bad-time', `${flag} takes a length of time, not ${text}`, {
      hint: 'such as 60s, 5m or 1h',
    });
  return seconds;
}

/** Seconds since 1970. */
function readTime(flag: string, text: string, now: number): number {
  if (text === 'now') return now;
  if (/^\d{1,7}[smhdw]$/u.test(text)) return now - readSpan(flag, text);
  // what has a time of day but no zone would be read as that of this machine
  const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/u.test(text) ? `${text}Z` : text;
  const time =
    isDay(text.slice(0, 10)) && /^.{10}(?:T|$)/u.test(text) ? Date.parse(zoned) / 1000 : Number.NaN;
  if (Number.isNaN(time))
    throw new UserError('usage', 'bad-time', `${flag} takes a time, not ${text}`, {
      hint: 'such as 3h, 2d, 2026-01-31 or 2026-01-31T12:00Z (UTC where no zone is named)',
    });
  return time;
}

/** Whether a day is there: the 31st of February would be read as one of March. */
function isDay(text: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? new Date(text) : new Date(Number.NaN);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** `1 m`, `5 m`, `3 h`: a length of time for people. */
export function spanText(seconds: number): string {
  if (seconds % DAY === 0) return `${seconds / DAY}d`;
  if (seconds % HOUR === 0) return `${seconds / HOUR}h`;
  return seconds % MINUTE === 0 ? `${seconds / MINUTE}m` : `${seconds}s`;
}
