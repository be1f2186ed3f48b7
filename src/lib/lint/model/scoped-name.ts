import { scopeOf } from '../../nginx/directives/contexts.ts';
import type { Block } from './model.ts';

/**
 * What an upstream or a variable is kept under in tables: in lower case, and with `stream ` in front where it is one
 * of stream, as http and stream do not know each other's.
 */
export function scopedName(name: string, { context }: Block): string {
  return `${scopeOf(context) === 'stream' ? 'stream ' : ''}${name.toLowerCase()}`;
}
