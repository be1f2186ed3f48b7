import { UserError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import type { Reporter } from './registry.ts';

/**
 * The reporter of a name; they are loaded for those who ask for one.
 * @throws UserError `usage` where there is none of that name.
 */
export async function reporterNamed(name: string): Promise<Reporter> {
  const { reporters } = await import('./registry.ts');
  const reporter = Object.hasOwn(reporters, name) ? reporters[name] : undefined;
  if (reporter) return reporter;
  const names = Object.keys(reporters);
  const close = nearest(name, names);
  throw new UserError('usage', 'no-such-format', `there is no format ${name}`, {
    hint: close === undefined ? `formats are ${names.join(', ')}; JSON is --json` : `did you mean ${close}?`,
  });
}
