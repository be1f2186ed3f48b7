import type { Fault } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';

/** Faults of where a balancer runs: keys of another provider, no machines, the same machine twice. */
export function providerChecks(balancer: Balancer): Fault[] {
  const { provider, nodes } = balancer;
  if (provider !== 'ssh') return foreignKeys(balancer);
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
  return (['nodes', 'ssh'] as const)
    .filter((key) => balancer[key] !== undefined)
    .map((key) => ({
      path: [key],
      message: `${key} says something with provider ssh only, and provider is ${balancer.provider}`,
      hint: `write provider: ssh, or take ${key} out`,
    }));
}

/** Host names know no capitals. */
function machine(destination: string): string {
  const [, user = '', host = ''] = /^(?:ssh:\/\/)?(.*@)?(.*)$/iu.exec(destination) ?? [];
  return `${user}${host.toLowerCase().replace(/^\[(.*)\]$/u, '$1')}`;
}
