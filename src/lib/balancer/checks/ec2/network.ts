import { networkOf } from '../../ec2.ts';
import type { Fault } from '../../fault.ts';
import type { Ec2 } from '../../schema/ec2.ts';
import { twice } from '../twice.ts';

/** Faults of the network: a VPC that is there and one that is made, subnets and zones that do not go together. */
export function networkFaults(ec2: Ec2): Fault[] {
  const { vpc, zones } = ec2;
  const network = networkOf(ec2);
  if (network.kind === 'own')
    return [
      ...(['public_subnets', 'private_subnets'] as const)
        .filter((key) => vpc[key] !== undefined)
        .map((key) => ({
          path: ['ec2', 'vpc', key],
          part: 'key' as const,
          message: `${key} are subnets of a VPC that you have, and no "id" says which`,
          hint: 'aws ec2 describe-subnets --query "Subnets[].[VpcId,SubnetId,AvailabilityZone]" tells it',
        })),
      ...cidrFaults(network.cidr),
      ...(Array.isArray(zones) ? zoneFaults(zones) : []),
    ];
  const { publicSubnets, privateSubnets } = network;
  const faults: Fault[] = (['cidr', 'nat'] as const)
    .filter((key) => vpc[key] !== undefined)
    .map((key) => ({
      path: ['ec2', 'vpc', key],
      part: 'key',
      message: `${key} is for a VPC that is made, and ${network.id} is there already`,
      hint: `take ${key} out, or id`,
    }));
  if (zones !== undefined)
    faults.push({
      path: ['ec2', 'zones'],
      part: 'key',
      message: `zones are those of the subnets of ${network.id}`,
      hint: 'take zones out; a subnet of each zone says the same',
    });
  if (publicSubnets.length < 2)
    faults.push({
      path: ['ec2', 'vpc'],
      part: 'key',
      message: `${network.id} needs "public_subnets" in two zones at least`,
      hint: `aws ec2 describe-subnets --filters Name=vpc-id,Values=${network.id} tells which there are`,
    });
  if (privateSubnets && privateSubnets.length !== publicSubnets.length)
    faults.push({
      path: ['ec2', 'vpc', 'private_subnets'],
      part: 'key',
      message: `there are ${publicSubnets.length} public subnets and ${privateSubnets.length} private ones: each zone needs one of both`,
      hint: 'the load balancer sends to nodes of the zones that it is in',
    });
  const all = [...publicSubnets, ...(privateSubnets ?? [])];
  for (const index of twice(all)) {
    const own = index < publicSubnets.length;
    faults.push({
      path: own
        ? ['ec2', 'vpc', 'public_subnets', index]
        : ['ec2', 'vpc', 'private_subnets', index - publicSubnets.length],
      message: `subnet ${all[index]!} is listed twice`,
    });
  }
  return faults;
}

export function cidrFaults(cidr: string): Fault[] {
  const [address = '', bits] = cidr.split('/');
  const octets = address.split('.').map(Number);
  const path = ['ec2', 'vpc', 'cidr'];
  if (octets.some((octet) => octet > 255)) return [{ path, message: `${cidr} is not a range of addresses` }];
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - Number(bits));
  if (number % size !== 0) {
    const start = number - (number % size);
    const text = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.');
    return [
      {
        path,
        message: `${cidr} does not start where a range of its size does`,
        hint: `write ${text}/${bits!}`,
      },
    ];
  }
  return [];
}

function zoneFaults(zones: readonly string[]): Fault[] {
  const faults: Fault[] = twice(zones).map((index) => ({
    path: ['ec2', 'zones', index],
    message: `zone ${zones[index]!} is listed twice`,
  }));
  return zones.length < 2
    ? [{ path: ['ec2', 'zones'], message: 'one zone is not enough: a zone can fail', hint: 'such as [a, b]' }]
    : faults;
}
