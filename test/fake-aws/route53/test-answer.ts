import type { FakeSet, FakeZone, Route53State } from './state.ts';

/** What a client gets, as far as it does not depend on measured times: written apart from what it is compared with. */
export function answerFor(
  zone: FakeZone,
  state: Route53State,
  name: string,
  type: string,
  client: string,
): string[] {
  const asked = name.endsWith('.') ? name : `${name}.`;
  const group = zone.sets.filter((set) => set.Name === asked && set.Type === type);
  const place = Object.entries(state.places).find(([start]) => client.startsWith(start))?.[1];
  const isAlive = ({ HealthCheckId }: FakeSet) =>
    HealthCheckId === undefined || state.checks.find(({ id }) => id === HealthCheckId)?.isHealthy === true;
  const sorted = group.some(({ GeoLocation }) => GeoLocation)
    ? group
        .map((set) => ({ set, size: sizeOf(set.GeoLocation!, place) }))
        .filter(({ size }) => size > 0)
        .toSorted((a, b) => b.size - a.size)
        .map(({ set }) => set)
    : group.toSorted(
        (a, b) => (b.Weight ?? 0) - (a.Weight ?? 0) || (a.Failover ?? '').localeCompare(b.Failover ?? ''),
      );
  const chosen = sorted.find(isAlive) ?? sorted[0];
  if (!chosen) return [];
  const { AliasTarget: alias } = chosen;
  return alias ? answerFor(zone, state, alias.DNSName, type, client) : (chosen.Values ?? []);
}

/** How small a place is that holds a client; 0 for one that does not. */
function sizeOf(
  location: Record<string, string>,
  place: { country: string; continent: string; state?: string } | undefined,
): number {
  const { ContinentCode, CountryCode, SubdivisionCode } = location;
  if (CountryCode === '*') return 1;
  if (!place) return 0;
  if (ContinentCode !== undefined) return ContinentCode === place.continent ? 2 : 0;
  if (CountryCode !== place.country) return 0;
  if (SubdivisionCode === undefined) return 3;
  return SubdivisionCode === place.state ? 4 : 0;
}
