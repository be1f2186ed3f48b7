import { type Fault, listed } from '../fault.ts';
import { type Balancer, PROVIDERS } from '../schema/balancer.ts';
import { ec2Checks } from './ec2/ec2.ts';
import { lightsailChecks } from './lightsail.ts';

/** Keys that say something with some providers only. */
const KEYS = {
  nodes: ['ssh'],
  ssh: ['ssh'],
  regions: ['lightsail', 'ec2'],
  lightsail: ['lightsail'],
  ec2: ['ec2'],
} as const;

/** Faults of where a balancer runs: keys of another provider, no machines, the same machine twice. */
export function providerChecks(balancer: Balancer): Fault[] {
  const { provider } = balancer;
  return [
    ...(provider === 'ssh' ? nodeFaults(balancer) : []),
    ...(provider === 'lightsail' ? lightsailChecks(balancer) : []),
    ...(provider === 'ec2' ? ec2Checks(balancer) : endedElsewhere(balancer)),
  ];
}

function nodeFaults({ nodes }: Balancer): Fault[] {
  if (nodes === undefined)
    return [
      {
        path: ['provider'],
        message: 'provider ssh needs "nodes"',
        hint: 'name the machines: nodes: [ops@lb1.example.com, ops@lb2.example.com]',
      },
    ];
  return nodes.flatMap((node, index) =>
    nodes.findIndex((other) => machine(other) === machine(node)) === index
      ? []
      : [{ path: ['nodes', index], message: `node ${node} is listed twice` }],
  );
}

/**
 * Keys of a file that say nothing with its provider, as faults; what stands under them need not be read.
 * @param data as the file has it.
 */
export function foreignKeys(data: unknown): (Fault & { readonly path: readonly [string] })[] {
  if (typeof data !== 'object' || data === null) return [];
  const { provider = 'local' } = data as { readonly provider?: unknown };
  if (!PROVIDERS.some((known) => known === provider)) return [];
  return Object.entries(KEYS).flatMap(([key, providers]: [string, readonly string[]]) =>
    !Object.hasOwn(data, key) || providers.includes(String(provider))
      ? []
      : {
          path: [key],
          message: `${key} says something with provider ${listed(providers)} only, and provider is ${String(provider)}`,
          hint: `write provider: ${providers[0]!}, or take ${key} out`,
        },
  );
}

/** Certificates of ACM can be used by AWS alone, and on ec2 alone is there a balancer of AWS in front that lbctl makes. */
function endedElsewhere({ listeners, provider }: Balancer): Fault[] {
  return Object.entries(listeners)
    .filter(([, { tls }]) => tls?.acm)
    .map(([name]) => ({
      path: ['listeners', name, 'tls', 'acm'],
      part: 'key',
      message: `certificates of ACM are for provider ec2, and provider is ${provider}`,
      hint: 'name the files of one, or let nodes get one: acme: { email: ops@example.com }',
    }));
}

/** Host names know no capitals. */
function machine(destination: string): string {
  const [, user = '', host = ''] = /^(?:ssh:\/\/)?(.*@)?(.*)$/iu.exec(destination) ?? [];
  return `${user}${host.toLowerCase().replace(/^\[(.*)\]$/u, '$1')}`;
}
