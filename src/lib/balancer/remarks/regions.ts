import { nearest } from '../../nearest.ts';
import { type Fault, listed } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';

/** Directions and numbers of the Regions of AWS, by the part of the world in their names. */
const REGIONS: Readonly<Record<string, string>> = {
  af: 'south-1',
  ap: 'east-1 east-2 northeast-1 northeast-2 northeast-3 south-1 south-2 southeast-1 southeast-2 southeast-3 southeast-4 southeast-5 southeast-6 southeast-7',
  ca: 'central-1 west-1',
  cn: 'north-1 northwest-1',
  eu: 'central-1 central-2 north-1 south-1 south-2 west-1 west-2 west-3',
  il: 'central-1',
  me: 'central-1 south-1',
  mx: 'central-1',
  sa: 'east-1',
  us: 'east-1 east-2 west-1 west-2',
  'us-gov': 'east-1 west-1',
};

const KNOWN = Object.entries(REGIONS).flatMap(([part, rest]) =>
  rest.split(' ').map((name) => `${part}-${name}`),
);

/** Regions that nobody has heard of here; there are ever more, so they are taken. */
export function regionRemarks({ regions = [] }: Balancer): Fault[] {
  return regions.flatMap((region, index): Fault[] => {
    if (KNOWN.includes(region)) return [];
    const beside = KNOWN.filter((known) => known.startsWith(region.replace(/\d+$/u, '')));
    const close = beside.length > 0 ? beside : [nearest(region, KNOWN) ?? []].flat();
    return [
      {
        path: ['regions', index],
        message: `no Region ${region} is known here`,
        hint: `${close.length > 0 ? `did you mean ${listed(close)}? ` : ''}A newer one of AWS is taken as it stands`,
      },
    ];
  });
}
