import type { Given } from './question.ts';
import { hostsIn, usualPolicy } from './questions/dns.ts';
import { nodesIn } from './questions/fleet.ts';
import { portOf } from './questions/web.ts';
import { wordsOf } from './words.ts';

/** A path that is not served as all else. */
interface PathAnswer {
  readonly path: string;
  /** Most requests from one client; undefined for no limit. */
  readonly rate: string | undefined;
  /** Its own servers; none where they are those of all else. */
  readonly servers: readonly string[];
}

/** How a certificate is had. */
export type Https =
  | { readonly by: 'acme'; readonly email: string; readonly zone: string | undefined; readonly port: number }
  | { readonly by: 'acm'; readonly certificates: readonly string[]; readonly port: number }
  | { readonly by: 'files'; readonly certificate: string; readonly key: string; readonly port: number };

/** Records that lead clients to the balancer. */
export interface DnsAnswer {
  readonly zone: string;
  readonly policy: string;
  /** Hosts of the zone; the first has the addresses, and the others lead to it. */
  readonly hosts: readonly string[];
  /** None where the provider has them. */
  readonly addresses: readonly string[];
}

/** Nodes on EC2, and their network. */
export interface Fleet {
  readonly nodes: { readonly min: number; readonly max: number };
  readonly instanceTypes: readonly string[];
  readonly image: string;
  readonly network:
    | {
        readonly made: true;
        readonly nat: string;
        /** Undefined where it does not matter. */
        readonly range: string | undefined;
      }
    | {
        readonly made: false;
        readonly id: string;
        readonly publicSubnets: readonly string[];
        /** None where nodes stand in the public ones. */
        readonly privateSubnets: readonly string[];
      };
  readonly staticIps: boolean;
}

/** What somebody wants, as far as the wizard asks. */
export interface Answers {
  readonly provider: string;
  readonly name: string;
  readonly nodes: readonly string[];
  readonly regions: readonly string[];
  readonly instances: number;
  readonly sshFrom: readonly string[];
  readonly fleet: Fleet | undefined;
  readonly servers: readonly string[];
  readonly discover:
    | { readonly from: 'lightsail' | 'group'; readonly name: string; readonly port: number }
    | undefined;
  readonly hosts: readonly string[];
  readonly https: Https | undefined;
  readonly port: number;
  readonly paths: readonly PathAnswer[];
  readonly dns: DnsAnswer | undefined;
  readonly alarms:
    | {
        /** Undefined for the load balancer that lbctl makes. */
        readonly balancer: string | undefined;
        readonly notify: readonly string[];
      }
    | undefined;
  readonly preCommit: boolean;
}

/** The answers as what they mean. What is given beside them, as by earlier answers, is left out. */
export function readAnswers(given: Given, asked: ReadonlySet<string>): Answers {
  const of = (id: string): string => (asked.has(id) ? (given[id] ?? '') : '');
  const listOf = (id: string): readonly string[] => wordsOf(of(id));
  return {
    provider: of('provider'),
    name: of('name'),
    nodes: listOf('node'),
    regions: listOf('region'),
    instances: of('provider') === 'lightsail' ? Number(of('instances')) : 1,
    sshFrom: listOf('ssh-from'),
    fleet: of('provider') === 'ec2' ? fleetOf(of) : undefined,
    servers: listOf('server'),
    discover: asked.has('discover')
      ? {
          from: of('servers-from') === 'group' ? 'group' : 'lightsail',
          name: of('discover'),
          port: Number(of('discover-port')),
        }
      : undefined,
    hosts: listOf('host'),
    https: httpsOf(of),
    port: Number(portOf(given)),
    paths: pathsOf(of),
    dns: of('zone') === '' ? undefined : dnsOf(given, of),
    alarms: of('notify') === '' ? undefined : { balancer: of('nlb') || undefined, notify: listOf('notify') },
    preCommit: of('pre-commit') === 'yes',
  };
}

type Lookup = (id: string) => string;

function fleetOf(of: Lookup): Fleet {
  return {
    nodes: nodesIn(of('instances')),
    instanceTypes: wordsOf(of('instance-type')),
    image: of('image'),
    network:
      of('vpc') === 'new' || of('vpc') === ''
        ? { made: true, nat: of('nat'), range: of('vpc-cidr') || undefined }
        : {
            made: false,
            id: of('vpc'),
            publicSubnets: wordsOf(of('public-subnet')),
            privateSubnets: wordsOf(of('private-subnet')),
          },
    staticIps: of('static-ips') === 'yes',
  };
}

function httpsOf(of: Lookup): Https | undefined {
  const port = Number(of('https-port'));
  if (of('https') === 'acme')
    return { by: 'acme', email: of('email'), zone: of('acme-zone') || undefined, port };
  if (of('https') === 'acm') return { by: 'acm', certificates: wordsOf(of('acm')), port };
  if (of('https') === 'files') return { by: 'files', certificate: of('certificate'), key: of('key'), port };
  return undefined;
}

function pathsOf(of: Lookup): PathAnswer[] {
  const paths: PathAnswer[] = [];
  for (let place = 1; ; place++) {
    const id = `path.${place}`;
    const path = of(id);
    if (path === '') return paths;
    paths.push({ path, rate: of(`${id}.rate`) || undefined, servers: wordsOf(of(`${id}.servers`)) });
  }
}

function dnsOf(given: Given, of: Lookup): DnsAnswer {
  const zone = of('zone');
  const policy = of('dns-policy') || usualPolicy(given);
  return { zone, policy, hosts: hostsIn(given, zone), addresses: wordsOf(of('address')) };
}
