import { isOnNode } from '../balancer/ec2.ts';
import { isPrivateAddress } from '../dns/checks/private-addresses.ts';
import type { Given } from './question.ts';
import { isMade, isOn } from './questions/where.ts';

/** Why this machine cannot tell whether nodes reach a server; undefined where it is as good a place to try as any. */
export function awayFrom(address: string, given: Given): string | undefined {
  if (!isOn(given, 'local') && isOnNode(address)) return 'not tried, as it is the node itself';
  const [, host = ''] = /^\[?(.*?)\]?(?::\d+)?$/u.exec(address) ?? [];
  if (!isMade(given) || !isPrivateAddress(host)) return undefined;
  if (isOn(given, 'lightsail'))
    return 'not tried, as instances reach it in Lightsail, or by peering of its VPC';
  return given['vpc'] === 'new'
    ? 'not tried, as nodes of a new VPC reach it by peering alone'
    : 'not tried, as nodes reach it from their VPC, or by peering';
}
