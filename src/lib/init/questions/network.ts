import { cidrFaults } from '../../balancer/checks/ec2/network.ts';
import { subnetId, vpcId, vpcRange } from '../../balancer/schema/ec2.ts';
import { isPrivateAddress } from '../../dns/checks/private-addresses.ts';
import type { Choice, Facts, Given, Question } from '../question.ts';
import { overlap } from '../ranges.ts';
import { complaintOf, listComplaint, wordsOf } from '../words.ts';
import { regionsOf } from './regions.ts';
import { networkIn, subnetSets } from './subnets.ts';
import { isFound } from './servers.ts';
import { isOn } from './where.ts';

/** A VPC that is made. */
const NEW = 'new';

const isNew = (given: Given): boolean =>
  isOn(given, 'ec2') && (given['vpc'] ?? (isWide(given) ? NEW : '')) === NEW;
const isThere = (given: Given): boolean =>
  isOn(given, 'ec2') && given['vpc'] !== undefined && given['vpc'] !== NEW;
/** A VPC is in one Region, so that each of several gets one that is made. */
const isWide = (given: Given): boolean => regionsOf(given).length > 1;

/** Where in a network nodes on EC2 stand, and how they are reached. */
export const network: readonly Question[] = [
  {
    id: 'vpc',
    ask: 'In which VPC do the nodes stand?',
    about:
      'A new one has nodes in it alone, and reaches servers with private addresses by peering. Nodes can stand in a VPC of yours, too.',
    asked: (given) => isOn(given, 'ec2') && (!isWide(given) || given['vpc'] !== undefined),
    belongs: '--provider ec2',
    suggestions: vpcs,
    byDefault: (given, facts) => vpcOfServers(given, facts) ?? NEW,
    complaint: vpcComplaint,
  },
  {
    id: 'vpc-cidr',
    ask: 'Which addresses does the new VPC have?',
    about: 'A range of its own, as it is to be peered with the network of your servers.',
    asked: (given) => isNew(given) && (isFound(given) || privateServers(given).length > 0),
    belongs: '--vpc new and servers with private addresses',
    byDefault: freeRange,
    complaint: rangeComplaint,
  },
  {
    id: 'nat',
    ask: 'How do nodes reach the internet?',
    about:
      'They install NGINX from there and tell AWS how they do. US dollars a month in us-east-1, for two zones.',
    asked: isNew,
    belongs: '--vpc new',
    choices: () => [
      { value: 'per_zone', label: 'a NAT gateway in each zone (USD 73)' },
      { value: 'one', label: 'one for all (USD 36); without its zone no node can start' },
      { value: 'none', label: 'by public addresses that nobody can connect to (USD 7)' },
    ],
    byDefault: () => 'per_zone',
    complaint: () => undefined,
  },
  {
    id: 'public-subnet',
    ask: 'In which subnets is the load balancer?',
    about: 'Public ones in two zones at least: their IDs, with spaces between.',
    asked: isThere,
    belongs: '--vpc with the ID of one that is there',
    suggestions: ({ vpcs: there }, given) => subnetSets(networkIn(there, given), 'public'),
    byDefault: (given, { vpcs: there }) => subnetSets(networkIn(there, given), 'public')[0]?.value,
    complaint: (text) =>
      listComplaint(subnetId, text, 'name one subnet in each zone') ??
      (wordsOf(text).length < 2 ? 'two zones at least: one can fail' : undefined),
  },
  {
    id: 'private-subnet',
    ask: 'In which subnets are the nodes?',
    about:
      'Private ones of the same zones, with a way out such as a NAT gateway. With none, nodes are beside the load balancer, and have public addresses.',
    asked: isThere,
    belongs: '--vpc with the ID of one that is there',
    suggestions: ({ vpcs: there }, given) =>
      subnetSets(networkIn(there, given), 'private', wordsOf(given['public-subnet'])),
    byDefault: (given, { vpcs: there }) =>
      subnetSets(networkIn(there, given), 'private', wordsOf(given['public-subnet']))[0]?.value ?? '',
    complaint: privateComplaint,
  },
  {
    id: 'static-ips',
    ask: 'Does the load balancer keep its addresses?',
    about: 'An account has five Elastic IPs a Region unless it asks for more; NAT gateways take some, too.',
    asked: (given) => isOn(given, 'ec2'),
    belongs: '--provider ec2',
    choices: () => [
      { value: 'yes', label: 'an Elastic IP in each zone' },
      { value: 'no', label: 'clients go by the name that AWS gives it' },
    ],
    byDefault: () => 'yes',
    complaint: () => undefined,
  },
];

/** Private IPv4 addresses of servers, whichever path they are for. */
function privateServers(given: Given): readonly string[] {
  const ids = Object.keys(given).filter((id) => id === 'server' || id.endsWith('.servers'));
  const hosts = ids.flatMap((id) => wordsOf(given[id]).map((address) => address.replace(/:\d+$/u, '')));
  return hosts.filter((host) => /^[\d.]+$/u.test(host) && isPrivateAddress(host));
}

/** A VPC is shown by its name, and with what speaks for it. */
function vpcs(facts: Facts, given: Given): readonly Choice[] {
  if (facts.vpcs.length === 0 || isWide(given)) return [];
  const mine = vpcOfServers(given, facts);
  return [
    { value: NEW, label: 'one that lbctl makes' },
    ...facts.vpcs
      .filter((vpc) => subnetSets(vpc, 'public').length > 0)
      .map(({ id, name, ranges }) => {
        const words = [name, ...ranges, ...(id === mine ? ['your servers are in it'] : [])];
        return { value: id, label: words.filter((word) => word !== '').join(', ') };
      }),
  ];
}

/** The VPC that has the private addresses of servers in it; undefined where none is known, or it has no place. */
function vpcOfServers(given: Given, facts: Facts): string | undefined {
  const servers = privateServers(given);
  if (servers.length === 0 || isWide(given)) return undefined;
  return facts.vpcs.find(
    (vpc) =>
      subnetSets(vpc, 'public').length > 0 &&
      servers.every((server) => vpc.ranges.some((range) => overlap(range, server))),
  )?.id;
}

function vpcComplaint(text: string, given: Given): string | undefined {
  if (text === NEW) return undefined;
  if (complaintOf(vpcId, text) !== undefined)
    return `"${text}" must be new, or the ID of a VPC such as vpc-0abc1234def567890`;
  return isWide(given) ? 'a VPC is in one Region, and it runs in several: take new' : undefined;
}

/** The first range that nothing else is known to have. */
function freeRange(given: Given, facts: Facts): string {
  const taken = [...privateServers(given), ...facts.vpcs.flatMap(({ ranges }) => ranges)];
  const all = Array.from({ length: 256 }, (_, index) => `10.${index}.0.0/16`);
  return all.find((range) => !taken.some((other) => overlap(range, other))) ?? all[0]!;
}

function rangeComplaint(text: string, given: Given): string | undefined {
  const wrong = complaintOf(vpcRange, text);
  if (wrong !== undefined) return wrong;
  const [fault] = cidrFaults(text);
  if (fault) return [fault.message, fault.hint].filter((words) => words !== undefined).join(': ');
  const inside = privateServers(given).find((server) => overlap(text, server));
  return inside === undefined ? undefined : `${inside} is in it, and would be looked for in the new VPC`;
}

function privateComplaint(text: string, given: Given): string | undefined {
  if (text === '') return undefined;
  const wrong = listComplaint(subnetId, text);
  if (wrong !== undefined) return wrong;
  const [own, front] = [wordsOf(text), wordsOf(given['public-subnet'])];
  const both = own.find((id) => front.includes(id));
  if (both !== undefined) return `${both} is a subnet of the load balancer already`;
  return own.length === front.length
    ? undefined
    : `each zone needs one of both, and there are ${front.length} for the load balancer and ${own.length} for nodes`;
}
