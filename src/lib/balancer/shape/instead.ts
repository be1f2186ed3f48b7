import type { Fault } from '../fault.ts';
import { INVALID, type Kind } from './kind.ts';

/** What to write in place of a value of another kind, where that can be told: each is tried before it is said. */
export function insteadOf(value: unknown, kind: Kind<unknown>): string | undefined {
  const own = kind.hint?.(value);
  if (own !== undefined) return own;
  if (typeof value === 'number' || typeof value === 'boolean') {
    if (takes(kind, String(value))) return `put quotes around it: "${String(value)}"`;
  }
  if (typeof value === 'string') {
    if (value.trim() !== '' && takes(kind, Number(value))) return `without quotes: ${value.trim()}`;
    const word = /^(?:(?<yes>yes|on|true)|no|off|false)$/iu.exec(value);
    if (word && takes(kind, true)) return `write ${String(word.groups?.['yes'] !== undefined)}`;
  }
  if (Array.isArray(value))
    return value.length === 1 && takes(kind, value[0]) ? `write ${written(value[0])}` : undefined;
  return takes(kind, [value]) && typeof value !== 'object' ? `write [${written(value)}]` : undefined;
}

/** Whether a value could stand there. */
export function takes(kind: Kind<unknown>, value: unknown): boolean {
  const faults: Fault[] = [];
  return kind.fits(value) && kind.read(value as never, [], faults) !== INVALID;
}

/** A value as YAML, in a list, too. */
export function written(value: unknown): string {
  const text = String(value);
  return typeof value !== 'string' || /^[A-Za-z0-9./][\w./@:+-]*$/u.test(text) ? text : JSON.stringify(text);
}
