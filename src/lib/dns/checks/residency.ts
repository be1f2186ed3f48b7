import { reachable } from '../answers/reach.ts';
import { clientsOf } from '../answers/client.ts';
import { CONTINENTS, countries } from '../places/locations.ts';
import { shown, valuesOf } from '../record.ts';
import { type Check, error, type Finding, groupsOf, type Subject } from './check.ts';

export const residency: Check = {
  id: 'residency',
  summary: 'nobody who must stay is led elsewhere, by fail-over neither',
  find: (subject) =>
    Object.entries(subject.wanted.mustStay).flatMap(([where, allowed]) => {
      const clients = clientsOf(where);
      const { wanted } = subject;
      const [first] = wanted.sets;
      if (!first) return [];
      if (clients.length === 0)
        return [
          {
            ...error(
              `must_stay: ${where} is no continent and no country`,
              `continents are ${Object.keys(CONTINENTS).join(', ')}; countries have two letters, such as DE`,
            ),
            set: first,
          },
        ];
      const addresses = new Set(allowed.flatMap((region) => wanted.regions[region] ?? []));
      return entrances(subject).flatMap((group) => {
        const astray = new Map<string, string[]>();
        for (const client of clients) {
          for (const chain of reachable(wanted.sets, group, client, wanted.zone)) {
            if (chain.some((set) => stays(set, allowed, addresses))) continue;
            const way = chain.map((set) => set.SetIdentifier ?? shown(set.Name)).join(' → ');
            astray.set(way, [...(astray.get(way) ?? []), client.country ?? '?']);
          }
        }
        return [...astray].map(([way, from]): Finding => ({
          ...error(
            `${shown(group.Name)} ${group.Type} can lead ${told(where, from)} by ${way}, and must_stay keeps ${where} in ${allowed.join(', ')}`,
            'give those clients records that lead to these Regions alone, without a health check that lets a larger place answer for them',
          ),
          set: group,
        }));
      });
    }),
};

/** Groups that clients ask for: those that no alias of the zone leads to. */
function entrances(subject: Subject) {
  const targets = new Set(subject.wanted.sets.flatMap(({ AliasTarget }) => AliasTarget?.DNSName ?? []));
  return groupsOf(subject)
    .map(({ sets }) => sets[0])
    .filter(({ Name }) => !targets.has(Name));
}

function stays(
  set: Parameters<typeof valuesOf>[0],
  allowed: readonly string[],
  addresses: ReadonlySet<string>,
): boolean {
  const { SetIdentifier: id, Region: region, GeoProximityLocation: near, AliasTarget: alias } = set;
  if ([id, region, near?.AWSRegion].some((name) => name !== undefined && allowed.includes(name))) return true;
  if (alias && [...addresses].some((name) => alias.DNSName === name || alias.DNSName === `${name}.`))
    return true;
  const values = valuesOf(set);
  return values.length > 0 && values.every((value) => addresses.has(value));
}

function told(where: string, from: readonly string[]): string {
  const whole = clientsOf(where).length;
  if (from.length === whole) return `clients of ${CONTINENTS[where] ?? countries.get(where)?.name ?? where}`;
  const few = from.slice(0, 5).join(', ');
  return from.length > 5 ? `clients of ${few} and ${from.length - 5} more` : `clients of ${few}`;
}
