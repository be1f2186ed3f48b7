import type { Existing } from '../../metrics/alarms/plan.ts';
import type { Style } from '../style.ts';
import { visible } from '../visible.ts';

interface Listed extends Omit<Existing, 'alarm'> {
  readonly name: string;
}

const WORDS = { ALARM: 'off', INSUFFICIENT_DATA: 'no data', OK: 'ok' } as const;

/** Alarms, a line each, with why below those that have gone off. */
export function renderAlarms(alarms: readonly Listed[], prefix: string, style: Style): string {
  const short = (name: string): string => visible(name.slice(prefix.length));
  const width = Math.max(...alarms.map(({ name }) => short(name).length));
  return alarms
    .flatMap(({ name, state, since, reason }) => {
      const paint = { ALARM: style.red, INSUFFICIENT_DATA: style.dim, OK: style.green }[state];
      const when = since === null ? '' : `since ${since.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
      const line =
        `${paint(WORDS[state].padEnd(7))}  ${short(name).padEnd(width)}  ${style.dim(when)}`.trimEnd();
      return state === 'ALARM' && reason !== '' ? [line, `         ${visible(reason)}`] : [line];
    })
    .join('\n');
}
