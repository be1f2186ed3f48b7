import { typeRemarks } from '../../balancer/instance-types.ts';
import { reachRemarks } from '../../balancer/reach.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import type { Plan } from '../../plan/step.ts';
import { NODES } from '../../render/cloudformation/nodes.ts';
import { stepsOfChanges } from './changes.ts';
import type { Ec2Step } from './steps.ts';
import type { RegionWorld } from './world.ts';

/** What it takes until the stacks are what they should be. */
export function plan(balancer: Balancer, worlds: readonly RegionWorld[]): Plan<Ec2Step> {
  const here = worlds.filter(({ isLeft }) => isLeft !== true);
  const left = worlds.filter(({ isLeft }) => isLeft === true);
  const kept = left.filter(({ stack }) => stack!.isProtected);
  return {
    balancer: balancer.name,
    provider: 'ec2',
    steps: here.flatMap((world) => stepsIn(world, here.length > 1)),
    notes: [
      ...typeRemarks(balancer),
      // later on, whoever has seen to it need not be told again and again
      ...(here.some(areComing) ? reachRemarks(balancer) : []),
      ...here.flatMap(addressRemarks),
      ...leftRemarks(kept, 'up'),
    ],
    after: left.filter((world) => !kept.includes(world)).flatMap(removal),
  };
}

/** Elastic IPs that an account has in a Region unless it asks for more ("Amazon VPC quotas"). */
const USUAL_ADDRESSES = 5;

/** What is likely to fail for addresses, which CloudFormation finds out after some minutes. */
function addressRemarks({ region, changes }: RegionWorld): string[] {
  const count = (changes ?? []).filter(
    ({ action, type }) => action === 'Add' && type === 'AWS::EC2::EIP',
  ).length;
  return count <= USUAL_ADDRESSES
    ? []
    : [
        `${count} Elastic IPs are made in ${region}, and an account has ${USUAL_ADDRESSES} there unless it has asked for more (aws service-quotas get-service-quota --service-code ec2 --quota-code L-0263D0A3 --region ${region}); ec2.vpc.nat: one takes fewer`,
      ];
}

/**
 * What still costs money in Regions that lb.yaml has no longer.
 * @param doing `up` removes it, but for what is protected.
 */
export function leftRemarks(worlds: readonly RegionWorld[], doing: 'up' | 'down'): string[] {
  return worlds
    .filter(({ isLeft }) => isLeft)
    .map(({ region, name, stack }) => {
      const way = doing === 'up' && !stack!.isProtected ? 'lbctl up' : `lbctl down --region ${region}`;
      const why = stack!.isProtected ? 'is protected' : 'is still there and costs money';
      return `the stack ${name} in ${region} ${why}, though lb.yaml has that Region no longer: ${way} removes it`;
    });
}

/** Whether the group of nodes is still to be made. */
function areComing({ changes }: RegionWorld): boolean {
  return changes?.some(({ action, logicalId }) => action === 'Add' && logicalId === NODES) ?? false;
}

/** Steps that leave nothing of it. */
export function planRemoval(name: string, worlds: readonly RegionWorld[]): Plan<Ec2Step> {
  const steps = worlds.filter(({ isLeft }) => isLeft !== true).flatMap(removal);
  return { balancer: name, provider: 'ec2', steps, notes: leftRemarks(worlds, 'down') };
}

function removal({ region, stack, name: stackName }: RegionWorld): Ec2Step[] {
  if (stack === null || stack.status === 'DELETE_COMPLETE') return [];
  const { DnsName: dns, Addresses: addresses = dns } = stack.outputs;
  return [
    {
      kind: 'stack',
      region,
      action: 'delete',
      resource: 'stack',
      name: `${stackName} in ${region}`,
      details: [
        'all that it has made, with every release in its bucket',
        ...(stack.isProtected ? ['its termination protection is taken off first'] : []),
      ],
      ...(addresses === undefined
        ? {}
        : { traffic: `nobody answers any longer at ${addresses.replaceAll(',', ', ')}` }),
    },
  ];
}

function stepsIn(
  { region, name, stack, standing, changes, protection, large, isIdle = false }: RegionWorld,
  many: boolean,
): Ec2Step[] {
  const own = (action: 'create' | 'change' | 'replace', ...details: readonly string[]): Ec2Step => ({
    kind: 'stack',
    region,
    action,
    resource: 'stack',
    name: `${name} in ${region}`,
    details,
  });
  const parts =
    large === undefined
      ? []
      : [`its bucket first and the rest by it, as a call cannot hold the ${large} bytes of its template`];
  const resources = stepsOfChanges(region, changes ?? [], many ? ` in ${region}` : '');
  switch (standing) {
    case 'none':
      return [own('create', ...parts), ...resources];
    case 'dead':
      return [
        own('replace', `what is left of it is deleted first: it is ${stack!.status}`, ...parts),
        ...resources,
      ];
    case 'busy':
      return [
        own('change', `it is ${stack!.status}: that is waited for, and what is left to do then is done`),
      ];
    case 'stuck':
      return [own('change', `a way back that failed is gone to its end first: it is ${stack!.status}`)];
    case 'settled':
      return [
        ...(resources.length > 0 || isIdle
          ? [
              own('change', ...(isIdle ? ['none of its nodes serves yet: that is waited for'] : [])),
              ...resources,
            ]
          : []),
        ...(protection === null
          ? []
          : [
              {
                ...own('change', protection ? 'it refuses to be deleted' : 'it can be deleted'),
                kind: 'protection' as const,
                resource: 'termination protection',
              },
            ]),
      ];
  }
}
