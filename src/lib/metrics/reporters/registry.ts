import { UserError } from '../../errors.ts';
import type { Sheet } from '../sheet.ts';
import type { Window } from '../window.ts';
import { csv } from './csv.ts';
import { html } from './html.ts';
import { prometheus } from './prometheus.ts';
import { svg } from './svg.ts';

/** Writes all series down for something else than a terminal. */
type Reporter = (all: readonly Sheet[], window: Window) => string;

const REPORTERS: Readonly<Record<string, Reporter>> = {
  csv,
  prometheus: (all, { period }) => prometheus(all, period),
  svg,
  html,
};

/**
 * The one that an option of its name asks for.
 * @throws UserError `usage` where several are asked for, or `--json` beside one.
 */
export function reporterFor(
  options: Readonly<Record<string, string | boolean | undefined>>,
): Reporter | undefined {
  const [first, ...others] = ['json', ...Object.keys(REPORTERS)].filter((name) => options[name] === true);
  if (others.length > 0)
    throw new UserError('usage', 'several-forms', `--${first} and --${others[0]} exclude each other`, {
      hint: 'run the command once for each form',
    });
  return first === undefined ? undefined : REPORTERS[first];
}
