import { keyOf, policyOf, type RecordSet, shown, valuesOf } from '../record.ts';
import { lineOf } from '../change/lines.ts';

/**
 * Records in the form of BIND (RFC 1035, section 5). What the form has no words for, aliases and routing policies, stands
 * in comments that name it, so that nothing is lost in silence; the JSON form keeps it.
 */
export function writeBind(zone: string, sets: readonly RecordSet[]): string {
  const lines = sets
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .flatMap((set) => {
      if (set.AliasTarget || policyOf(set) !== 'simple') return [`; ${lineOf(set)}`];
      const name = set.Name.replaceAll('\\052', '*');
      return valuesOf(set).map((value) => `${name}\t${set.TTL}\tIN\t${set.Type}\t${value}`);
    });
  return [`; ${shown(zone)}`, `$ORIGIN ${zone}`, ...lines, ''].join('\n');
}
