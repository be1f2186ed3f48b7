import type { Handler } from './handler.ts';

/** Seconds by which clocks may differ: AWS takes five minutes, and an answer says the time in whole seconds. */
export const TAKEN = 300;

/** Seconds by which the clock here is ahead of AWS's, as the last answer had it. */
let ahead = 0;

/** Keeps what the answers of a client say of AWS's clock. */
export function readClock(handler: Handler): void {
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const answer = await handle(request, options);
    ahead = aheadOf(answer.response.headers, Date.now()) ?? ahead;
    return answer;
  };
}

/** Seconds by which a time of this machine is ahead of an answer that has just come; undefined where it tells none. */
export function aheadOf(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const time = Date.parse(headers['date'] ?? '');
  return Number.isNaN(time) ? undefined : Math.round((now - time) / 1000);
}

/**
 * Seconds by which the clock here is ahead of AWS's, negative where it is behind; 0 where they agree, or nothing has
 * been asked yet. Calls succeed all the same: the SDK signs them by AWS's clock once it knows it.
 */
export function clockAhead(): number {
  return Math.abs(ahead) > TAKEN ? ahead : 0;
}

/** `2 h 5 min ahead of that of AWS`. */
export function aheadText(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [
    ...(days > 0 ? [`${days} d`] : []),
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes % 60 > 0 && days === 0 ? [`${minutes % 60} min`] : []),
  ];
  return `${parts.join(' ')} ${seconds > 0 ? 'ahead of' : 'behind'} that of AWS`;
}

/** What sets the clock of a machine. */
export const SET_CLOCK = 'timedatectl set-ntp true';
