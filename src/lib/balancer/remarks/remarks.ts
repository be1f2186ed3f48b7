import type { Fault } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';
import { instanceTypeRemarks } from './instance-types.ts';
import { plainRemarks } from './plain.ts';
import { regionRemarks } from './regions.ts';
import { routeRemarks } from './routes.ts';

/** What can be run as it stands and is hardly meant, at its places. */
export function remarksOf(balancer: Balancer): Fault[] {
  return [
    ...plainRemarks(balancer),
    ...routeRemarks(balancer),
    ...regionRemarks(balancer),
    ...instanceTypeRemarks(balancer),
  ];
}

/** The same as lines, for those who show no places. */
export function remarkLines(balancer: Balancer): string[] {
  return remarksOf(balancer).map(({ message, hint }) =>
    hint === undefined ? message : `${message}; ${hint}`,
  );
}
