import type { Choice, Facts, Given, Vpc } from '../question.ts';

/** Zones that a Network Load Balancer takes where nothing else is said: as many as provider ec2 makes by itself. */
const ZONES = 2;

/** The VPC that has been chosen, as far as it is known. */
export function networkIn(vpcs: Facts['vpcs'], { vpc }: Given): Vpc | undefined {
  return vpcs.find(({ id }) => id === vpc);
}

/**
 * Subnets of a VPC that go together, one a zone: of two zones, and of all where there are more.
 * @param beside subnets whose zones are meant; any zones when left out.
 */
export function subnetSets(
  vpc: Vpc | undefined,
  way: Vpc['subnets'][number]['way'],
  beside?: readonly string[],
): readonly Choice[] {
  const all = vpc?.subnets ?? [];
  const zones = beside
    ? beside.map((id) => all.find((subnet) => subnet.id === id)?.zone)
    : [...new Set(all.filter((subnet) => subnet.way === way).map(({ zone }) => zone))].toSorted();
  const chosen = zones.flatMap(
    (zone) => all.find((subnet) => subnet.zone === zone && subnet.way === way) ?? [],
  );
  if (chosen.length < ZONES || chosen.length < zones.length) return [];
  const sets = beside || chosen.length === ZONES ? [chosen] : [chosen.slice(0, ZONES), chosen];
  return sets.map((set) => ({
    value: set.map(({ id }) => id).join(' '),
    shown: set.map(({ zone }) => zone).join(', '),
    label: set.map(({ id }) => id).join(', '),
  }));
}
