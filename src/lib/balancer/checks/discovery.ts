import type { Fault } from '../fault.ts';
import type { Path } from '../place.ts';
import type { Balancer, Upstream } from '../schema/balancer.ts';

/** Faults of how an upstream finds its servers: everything or nothing is meant, or they could not be reached. */
export function discoveryFaults(balancer: Balancer, { servers, discover }: Upstream, at: Path): Fault[] {
  if (!discover) return [];
  const path = [...at, 'discover'];
  const { lightsail } = discover;
  const faults: Fault[] = [];
  if (servers.length > 0)
    faults.push({
      path,
      part: 'key',
      message: `${at.join('.')} has servers of its own and others that are found`,
      hint: 'take servers or discover out, or make another upstream of those that are written',
    });
  if (lightsail.name === undefined && lightsail.tag === undefined)
    faults.push({
      path: [...path, 'lightsail'],
      message: `${path.join('.')}.lightsail takes every instance`,
      hint: 'say which by name, such as web-*, or by tag: { key: role, value: web }',
    });
  if (balancer.lockdown && lightsail.address === 'public')
    faults.push({
      path: [...path, 'lightsail', 'address'],
      message: 'lockdown closes the public addresses by which these servers would be reached',
      hint: 'take address: public out, or lockdown',
    });
  return [...faults, ...regionFaults(balancer, lightsail, [...path, 'lightsail'])];
}

function regionFaults(
  { regions = [] }: Balancer,
  { address, region }: NonNullable<Upstream['discover']>['lightsail'],
  path: Path,
): Fault[] {
  if (regions.length < 2) return [];
  if (address === 'private')
    return [
      {
        path,
        message:
          'private addresses are reached from their own Region alone, and the balancer runs in several',
        hint: 'give each Region an lb.yaml of its own, which finds the servers of that one',
      },
    ];
  if (region !== undefined) return [];
  const hint = `name it: region: ${regions[0]}`;
  return [{ path, message: 'the balancer runs in several Regions: which one has these servers?', hint }];
}
