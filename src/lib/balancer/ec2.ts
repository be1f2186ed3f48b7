import { INVALID } from './shape/kind.ts';
import type { Balancer } from './schema/balancer.ts';
import { type Ec2, ec2 } from './schema/ec2.ts';

/** What `ec2` says, with its defaults where it is left out. */
export function ec2Of(balancer: Pick<Balancer, 'ec2'>): Ec2 {
  if (balancer.ec2 !== undefined) return balancer.ec2;
  const read = ec2.read({}, [], []);
  if (read === INVALID || read === undefined) throw new Error('ec2 has a default that is not allowed');
  return read;
}

/** Where the nodes stand: a network that is made for them, or one that is there. */
export type Network =
  | { readonly kind: 'own'; readonly cidr: string; readonly nat: 'per_zone' | 'one' | 'none' }
  | {
      readonly kind: 'existing';
      readonly id: string;
      readonly publicSubnets: readonly string[];
      /** Left out where nodes stand in the public ones. */
      readonly privateSubnets?: readonly string[];
    };

/** The network that `vpc` asks for. */
export function networkOf({ vpc }: Ec2): Network {
  if (vpc.id === undefined)
    return { kind: 'own', cidr: vpc.cidr ?? '10.0.0.0/16', nat: vpc.nat ?? 'per_zone' };
  return {
    kind: 'existing',
    id: vpc.id,
    publicSubnets: vpc.public_subnets ?? [],
    ...(vpc.private_subnets === undefined ? {} : { privateSubnets: vpc.private_subnets }),
  };
}

export function isLoopback(address: string): boolean {
  return /^(127\.|\[::1\])/u.test(address);
}

/** Whether a server of an upstream is the machine that NGINX runs on. */
export function isOnNode(server: string): boolean {
  return isLoopback(server) || /^(?:unix:|localhost(?::|$))/u.test(server);
}

/**
 * Ports of nodes that tell the load balancer whether they are alive: it asks these and no listener, as a node on which a
 * new listener does not serve yet is no reason to end the node. The second one is asked by the PROXY protocol.
 */
export const HEALTH_PORTS = [19_098, 19_099] as const;

/** Below it, a port and twenty thousand is below those that Linux gives to connections of its own (32768 and up). */
const SIMPLE_PORTS = 12_000;

/** Port on which nodes expect the PROXY protocol for a port of lb.yaml, beside that port itself. */
export function proxyPortOf(port: number): number {
  return port < SIMPLE_PORTS ? port + 20_000 : SIMPLE_PORTS + (port % 7000);
}

/** The processor that an instance type has: Graviton where a g stands behind the number of the family. */
export function architectureOf(instanceType: string): 'arm64' | 'x86_64' {
  const [family = ''] = instanceType.split('.');
  return family === 'a1' || /^[a-z]+\d+[a-z]*g/u.test(family) ? 'arm64' : 'x86_64';
}
