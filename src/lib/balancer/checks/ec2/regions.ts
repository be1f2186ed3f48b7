import { nearest } from '../../../nearest.ts';
import type { Fault } from '../../fault.ts';
import type { Balancer } from '../../schema/balancer.ts';

/** Words that Regions are named by; there are ever more Regions, and never other words. */
const DIRECTIONS = 'central north south east west northeast northwest southeast southwest'.split(' ');

/** Regions that cannot be, by the direction in their names, such as eu-wst-1. */
export function misspelled({ regions = [] }: Balancer): Fault[] {
  return regions.flatMap((region, index): Fault[] => {
    const word = region.split('-').at(-2)!;
    if (DIRECTIONS.includes(word)) return [];
    const meant = nearest(word, DIRECTIONS);
    return [
      {
        path: ['regions', index],
        message: `there is no Region ${region}`,
        hint:
          meant === undefined
            ? 'aws account list-regions --query "Regions[].RegionName" tells which there are'
            : `did you mean ${region.replace(`-${word}-`, `-${meant}-`)}?`,
      },
    ];
  });
}
