import { UserError } from '../errors.ts';

/** Seconds for which a release is watched where nothing else is said. */
const WATCH = 5;

export interface Waits {
  /** Seconds for which a release is watched once it serves. */
  readonly watch: number;
  /** Seconds to wait for somebody else who is at work. */
  readonly wait: number;
}

/**
 * Reads `--watch` and `--lock-wait`.
 * @throws UserError `usage` where one of them is no time.
 */
export function readWaits(options: Readonly<Record<string, string | boolean | undefined>>): Waits {
  const { watch, lockWait } = options;
  return {
    watch: secondsOf('--watch', watch, WATCH),
    wait: secondsOf('--lock-wait', lockWait, 0),
  };
}

/**
 * Reads an option that is a time, in seconds.
 * @throws UserError `usage` where it is none.
 */
export function secondsOf(flag: string, given: string | boolean | undefined, byDefault: number): number {
  return typeof given === 'string' ? secondsIn(flag, given) : byDefault;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

/**
 * Seconds in the value of an option, such as `30s` or `5m`.
 * @throws UserError `usage` where it is no time.
 */
export function secondsIn(flag: string, text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smh]?)$/u.exec(text) ?? [];
  if (number !== undefined) return Number(number) * UNITS[unit]!;
  throw new UserError('usage', 'bad-time', `${flag} takes a time, not ${text}`, {
    hint: 'such as 30s or 5m',
  });
}
