import { UserError } from '../../errors.ts';
import { shown } from '../record.ts';
import { lineOf } from './lines.ts';
import type { Foreign } from './diff.ts';

/**
 * Refuses to touch what others keep.
 * @throws UserError `failed` that shows it.
 */
export function refuseForeign(foreign: readonly Foreign[], zone: string): void {
  const [first] = foreign;
  if (!first) return;
  const [set] = first.sets;
  const title = `${shown(set!.Name)} ${set!.Type}`;
  const whose = first.owner === undefined ? 'records that lbctl did not make' : `records of ${first.owner}`;
  const more = foreign.length === 1 ? '' : `, and ${foreign.length - 1} more names too`;
  throw new UserError('failed', 'foreign-records', `${title} has ${whose}${more}`, {
    evidence: foreign.flatMap(({ sets, owner }) =>
      sets.map((set) => `${lineOf(set)}${owner === undefined ? '' : `  # ${owner}`}`),
    ),
    hint:
      first.owner === undefined
        ? `to have lbctl keep them as they are: lbctl dns export --zone ${shown(zone)} --name ${shown(set!.Name)} --out records.json, then lbctl dns import records.json --zone ${shown(zone)}`
        : `they belong to ${first.owner}: change them there, or take them out of its lb.yaml first`,
  });
}
