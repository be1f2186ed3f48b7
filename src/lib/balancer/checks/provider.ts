import type { Fault } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';
import { lightsailChecks } from './lightsail.ts';

/** Keys that say something with one provider only. */
const KEYS = { ssh: ['nodes', 'ssh'], lightsail: ['regions', 'lightsail'] } as const;

/** Faults of where a balancer runs: keys of another provider, no machines, the same machine twice. */
export function providerChecks(balancer: Balancer): Fault[] {
  const { provider } = balancer;
  return [
    ...foreignKeys(balancer),
    ...(provider === 'ssh' ? nodeFaults(balancer) : []),
    ...(provider === 'lightsail' ? lightsailChecks(balancer) : []),
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

function foreignKeys(balancer: Balancer): Fault[] {
  const { provider } = balancer;
  return (['ssh', 'lightsail'] as const)
    .filter((other) => other !== provider)
    .flatMap((other) => KEYS[other].map((key) => ({ key, other })))
    .filter(({ key }) => balancer[key] !== undefined)
    .map(({ key, other }) => ({
      path: [key],
      message: `${key} says something with provider ${other} only, and provider is ${provider}`,
      hint: `write provider: ${other}, or take ${key} out`,
    }));
}

/** Host names know no capitals. */
function machine(destination: string): string {
  const [, user = '', host = ''] = /^(?:ssh:\/\/)?(.*@)?(.*)$/iu.exec(destination) ?? [];
  return `${user}${host.toLowerCase().replace(/^\[(.*)\]$/u, '$1')}`;
}
