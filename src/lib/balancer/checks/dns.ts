import type { Fault } from '../fault.ts';
import type { Path } from '../place.ts';
import type { Balancer, Dns } from '../schema/balancer.ts';

type Entry = Pick<Dns, 'name' | 'policy' | 'answers'>;

/** Faults of records that can be told without asking AWS: names of another zone, and answers that are missing. */
export function dnsChecks({ dns, provider }: Balancer): Fault[] {
  if (!dns) return [];
  const entries: readonly (readonly [Entry, Path])[] = [
    [dns, ['dns']],
    ...dns.records.map((entry, index) => [entry, ['dns', 'records', index]] as const),
  ];
  // load balancers and instances that lbctl makes have addresses in each Region
  const hasAddresses = provider === 'lightsail' || provider === 'ec2' || Object.keys(dns.regions).length > 0;
  return entries.flatMap(([entry, at]) => [
    ...zoneFaults(entry, dns.zone, at),
    // what has records of its own need not have answers itself
    ...(entry === dns && dns.records.length > 0 ? [] : answerFaults(entry, hasAddresses, at)),
  ]);
}

function zoneFaults({ name }: Entry, zone: string, at: Path): Fault[] {
  if (name === undefined) return [];
  const [inner, outer] = [bare(name), bare(zone)];
  if (inner === outer || inner.endsWith(`.${outer}`)) return [];
  return [
    {
      path: [...at, 'name'],
      message: `${name} is not in the zone ${zone}`,
      hint: `names of this zone end in .${outer}, as ${inner.split('.')[0]}.${outer} does`,
    },
  ];
}

/** Names are compared without regard to case, and may end in a dot. */
function bare(name: string): string {
  return name.toLowerCase().replace(/\.$/u, '');
}

/** Answers by policy, as one writes them; of latency, which takes those of the Regions by itself. */
const EXAMPLES: Readonly<Record<Dns['policy'], string>> = {
  latency: 'regions: { eu-west-1: 192.0.2.1 }',
  simple: 'answers: 192.0.2.1',
  multivalue: 'answers: [192.0.2.1, 192.0.2.2]',
  weighted: 'answers: { blue: { to: 192.0.2.1, weight: 90 }, green: { to: 192.0.2.2, weight: 10 } }',
  failover: 'answers: { primary: 192.0.2.1, secondary: 192.0.2.2 }',
  geolocation: 'answers: { "continent:EU": 192.0.2.1, default: 192.0.2.2 }',
  geoproximity: 'answers: { eu-west-1: 192.0.2.1, us-east-1: 192.0.2.2 }',
  cidr: 'answers: { office: { to: 192.0.2.1, networks: [203.0.113.0/24] }, default: 192.0.2.2 }',
};

function answerFaults({ policy, answers }: Entry, hasAddresses: boolean, at: Path): Fault[] {
  const isEmpty = answers === undefined || (typeof answers === 'object' && Object.keys(answers).length === 0);
  if (!isEmpty || (policy === 'latency' && hasAddresses)) return [];
  return [
    {
      path: at,
      part: at.length === 1 ? 'key' : 'value',
      message: `${at.join('.')} says nowhere where clients are to be led`,
      hint: `add ${EXAMPLES[policy]} to it`,
      lacks: at,
    },
  ];
}
