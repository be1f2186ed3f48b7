import { isWithin } from '../names.ts';
import { policyOf, type RecordSet } from '../record.ts';
import type { Client } from './client.ts';
import { canFail } from './health.ts';
import { byPlace } from './order.ts';
import { type Zone, zoneOf } from './zone.ts';

/** Sets from the one that is asked for to the one that answers. */
export type Chain = readonly [RecordSet, ...RecordSet[]];

/** All ways that a client may ever be led, whatever is dead. */
export function reachable(
  sets: readonly RecordSet[],
  entry: Pick<RecordSet, 'Name' | 'Type'>,
  client: Client,
  zoneName: string,
): readonly Chain[] {
  const zone = zoneOf(sets);
  const from = (group: readonly RecordSet[], seen: readonly RecordSet[]): Chain[] =>
    possible(zone, group, client).flatMap((set): Chain[] => {
      const behind = seen.includes(set) ? undefined : zone.behind(set);
      const isInside = set.AliasTarget !== undefined && isWithin(set.AliasTarget.DNSName, zoneName);
      if (behind === undefined || !isInside) return [[set]];
      return from(behind, [...seen, set]).map((rest): Chain => [set, ...rest]);
    });
  return from(zone.group(entry.Name, entry.Type), []);
}

/** Sets of a group that may be chosen for a client in some state of health. */
function possible(zone: Zone, sets: readonly RecordSet[], client: Client): readonly RecordSet[] {
  const [first] = sets;
  if (!first) return [];
  const upToFirm = (ordered: readonly RecordSet[]) => {
    const firm = ordered.findIndex((set) => !canFail(zone, set));
    return firm === -1 ? ordered : ordered.slice(0, firm + 1);
  };
  switch (policyOf(first)) {
    case 'geolocation':
      return upToFirm(byPlace(sets, client));
    case 'failover':
      return upToFirm(sets.toSorted((a, b) => (a.Failover ?? '').localeCompare(b.Failover ?? '')));
    case 'weighted': {
      const heavy = sets.filter(({ Weight }) => Weight !== 0);
      return heavy.some((set) => !canFail(zone, set)) ? heavy : sets;
    }
    default:
      // who is nearest by the measure of Route 53 is not known for certain
      return sets;
  }
}
