import type { Fault } from '../fault.ts';
import type { Path } from '../place.ts';
import type { Balancer, Discover, Upstream } from '../schema/balancer.ts';

/** Faults of how an upstream finds its servers: everything or nothing is meant, or they could not be reached. */
export function discoveryFaults(balancer: Balancer, { servers, discover }: Upstream, at: Path): Fault[] {
  if (!discover) return [];
  const path = [...at, 'discover'];
  const { lightsail, autoscaling_group: group } = discover;
  const faults: Fault[] = [];
  if (servers.length > 0)
    faults.push({
      path,
      part: 'key',
      message: `${at.join('.')} has servers of its own and others that are found`,
      hint: 'take servers or discover out, or make another upstream of those that are written',
    });
  if (!lightsail && !group)
    faults.push({
      path,
      message: `${path.join('.')} does not say where servers are found`,
      lacks: path,
      hint: 'write lightsail: web-* for instances of Lightsail, or autoscaling_group: NAME',
    });
  if (lightsail && group)
    faults.push({
      path: [...path, 'autoscaling_group'],
      part: 'key',
      message: `${path.join('.')} looks in two places`,
      hint: 'take one of them out, or make another upstream of it',
    });
  return [
    ...faults,
    ...(lightsail ? lightsailFaults(balancer, lightsail, [...path, 'lightsail']) : []),
    ...(group ? regionFaults(balancer, group, [...path, 'autoscaling_group']) : []),
  ];
}

function lightsailFaults(
  balancer: Balancer,
  { name, tag, address, region }: NonNullable<Discover['lightsail']>,
  path: Path,
): Fault[] {
  const faults: Fault[] = [];
  if (name === undefined && tag === undefined)
    faults.push({
      path,
      message: `${path.join('.')} takes every instance`,
      hint: 'say which by name, such as web-*, or by tag: { key: role, value: web }',
    });
  if (balancer.lockdown && address === 'public')
    faults.push({
      path: [...path, 'address'],
      message: 'lockdown closes the public addresses by which these servers would be reached',
      hint: 'take address: public out, or lockdown',
    });
  return [...faults, ...regionFaults(balancer, { address, region }, path)];
}

function regionFaults(
  { regions = [] }: Balancer,
  { address = 'private', region }: { readonly address?: string; readonly region?: string | undefined },
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
