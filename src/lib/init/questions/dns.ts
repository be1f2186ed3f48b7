import { isPrivateAddress } from '../../dns/checks/private-addresses.ts';
import { addressType } from '../../dns/record.ts';
import { zoneName } from '../../balancer/schema/dns.ts';
import type { Choice, Facts, Given, Question } from '../question.ts';
import { complaintOf, wordsOf } from '../words.ts';
import { isMade, isOn } from './where.ts';

/** Records of Route 53 that lead clients to it. */
export const dns: readonly Question[] = [
  {
    id: 'zone',
    ask: 'Which zone of Route 53 is to lead here?',
    about:
      'lbctl up then brings records for the hosts, such as example.com for shop.example.com. Enter alone: none.',
    asked: (given, { zones }) =>
      wordsOf(given['host']).length > 0 && (!isOn(given, 'local') || zones.length > 0),
    belongs: '--host',
    suggestions: ({ zones }, given) =>
      zones
        .map(({ name }) => ({ value: name, label: hostsIn(given, name).join(', ') }))
        .filter(({ label }) => label !== ''),
    byDefault: (given, { zones }) => nearestZone(given, zones),
    complaint: zoneComplaint,
  },
  {
    id: 'address',
    ask: 'By which addresses do clients reach it?',
    about: 'Public ones, as the records give them to clients; with several, spaces between.',
    asked: (given) => Boolean(given['zone']) && !isMade(given),
    belongs: '--zone, where lbctl does not make the addresses itself',
    complaint: addressComplaint,
  },
  {
    id: 'dns-policy',
    ask: 'How does Route 53 choose where to lead a client?',
    asked: (given) => Boolean(given['zone']) && policies(given).length > 1,
    belongs: '--zone and several addresses or Regions',
    choices: policies,
    byDefault: usualPolicy,
    complaint: () => undefined,
  },
];

/** Hosts that records of a zone can lead to the balancer, those without a * first. */
export function hostsIn({ host }: Given, zone: string): readonly string[] {
  const end = bare(zone);
  const inside = wordsOf(host).filter((name) => bare(name) === end || bare(name).endsWith(`.${end}`));
  return [...inside.filter((name) => !name.includes('*')), ...inside.filter((name) => name.includes('*'))];
}

/** Policies that make sense, the one that is meant most often first. */
function policies(given: Given): readonly Choice[] {
  if (isMade(given)) {
    const regions = wordsOf(given['region']);
    // several addresses in a Region are chosen among by how they are
    if (regions.length < 2)
      return [isOn(given, 'lightsail') && given['instances'] === '1' ? SIMPLE : LATENCY];
    return [LATENCY, WEIGHTED, ...(regions.length === 2 ? [FAILOVER] : [])];
  }
  const addresses = wordsOf(given['address']);
  if (addresses.length < 2) return [SIMPLE];
  return [MULTIVALUE, WEIGHTED, ...(addresses.length === 2 ? [FAILOVER] : []), SIMPLE];
}

const LATENCY = { value: 'latency', label: 'the Region that answers the client fastest' };
const WEIGHTED = { value: 'weighted', label: 'by shares, equal ones to begin with' };
const FAILOVER = { value: 'failover', label: 'the first one; the second while the first is ill' };
const MULTIVALUE = { value: 'multivalue', label: 'all that are well, in any order' };
const SIMPLE = { value: 'simple', label: 'all addresses, whether they are well or not' };

/** The policy where nothing is said, or there is but one. */
export function usualPolicy(given: Given): string {
  return policies(given)[0]!.value;
}

function nearestZone(given: Given, zones: Facts['zones']): string {
  const [first = ''] = wordsOf(given['host']);
  const names = zones.map(({ name }) => name).filter((name) => hostsIn({ host: first }, name).length > 0);
  return names.toSorted((a, b) => b.length - a.length)[0] ?? '';
}

function zoneComplaint(text: string, given: Given): string | undefined {
  if (text === '') return undefined;
  const wrong = complaintOf(zoneName, text);
  if (wrong !== undefined) return wrong;
  const [first, ...more] = hostsIn(given, text);
  if (first === undefined) return `none of the hosts is in ${text}`;
  if (!first.includes('*')) return undefined;
  if (more.length > 0) return 'records of several hosts lead to one without a *: name one (--host)';
  if (isOn(given, 'lightsail') && given['instances'] !== '1')
    return 'with several instances, records lead to a host without a *: name one (--host)';
  return isOn(given, 'ec2') && given['static-ips'] !== 'no'
    ? 'with addresses that stay, records lead to a host without a *: name one (--host)'
    : undefined;
}

function addressComplaint(text: string): string | undefined {
  const addresses = wordsOf(text);
  if (addresses.length === 0) return 'name one address at least, such as 203.0.113.7';
  const odd = addresses.find((address) => addressType(address) === undefined);
  if (odd !== undefined) return `"${odd}" must be an address such as 203.0.113.7`;
  const again = addresses.find((address, index) => addresses.indexOf(address) < index);
  if (again !== undefined) return `${again} is there twice`;
  if (new Set(addresses.map(addressType)).size > 1) return 'name IPv4 or IPv6 addresses, not both';
  const inner = addresses.find(isPrivateAddress);
  return inner === undefined ? undefined : `nobody reaches ${inner} from the internet`;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/\.$/u, '');
}
