import { ec2Of } from '../../ec2.ts';
import type { Fault } from '../../fault.ts';
import type { Balancer } from '../../schema/balancer.ts';
import type { Ec2 } from '../../schema/ec2.ts';
import { twice } from '../twice.ts';
import { listenerFaults, portFaults } from './listeners.ts';
import { networkFaults } from './network.ts';
import { misspelled } from './regions.ts';
import { nodeFaults, spotFaults } from './nodes.ts';
import { serverFaults } from './servers.ts';

/** Faults of a balancer on EC2: what AWS refuses, and what its nodes could not do. */
export function ec2Checks(balancer: Balancer): Fault[] {
  const ec2 = ec2Of(balancer);
  return [
    ...regionFaults(balancer, ec2),
    ...misspelled(balancer),
    ...nodeFaults(ec2, balancer),
    ...networkFaults(ec2),
    ...serverFaults(balancer),
    ...spotFaults(ec2),
    ...listenerFaults(balancer),
    ...portFaults(balancer),
    ...alarmFaults(balancer),
  ];
}

function regionFaults({ regions = [], listeners, alarms }: Balancer, { vpc }: Ec2): Fault[] {
  const faults: Fault[] = twice(regions).map((index) => ({
    path: ['regions', index],
    message: `Region ${regions[index]!} is listed twice`,
  }));
  if (vpc.id !== undefined && regions.length > 1)
    faults.push({
      path: ['ec2', 'vpc', 'id'],
      message: 'a VPC is in one Region, and the balancer runs in several',
      hint: 'have one made in each, by taking vpc out, or give each Region an lb.yaml of its own',
    });
  for (const [name, { tls }] of Object.entries(listeners)) {
    if (!tls?.acm) continue;
    for (const region of without(regions, tls.acm))
      faults.push({
        path: ['listeners', name, 'tls', 'acm'],
        part: 'key',
        message: `listener ${name} has no certificate in ${region}, and those of ACM are for one Region`,
        hint: `aws acm list-certificates --region ${region} tells which there are`,
      });
  }
  if (alarms)
    for (const region of without(regions, alarms.notify))
      faults.push({
        path: ['alarms', 'notify'],
        part: 'key',
        message: `alarms in ${region} can tell topics of their own Region alone, and none is named`,
        hint: `make one: aws sns create-topic --region ${region} --name ops`,
      });
  return faults;
}

/** Regions that none of some ARNs is in. */
function without(regions: readonly string[], arns: readonly string[]): string[] {
  return [...new Set(regions)].filter((region) => !arns.some((arn) => arn.split(':')[3] === region));
}

/** What the stack knows by itself. */
function alarmFaults({ alarms }: Balancer): Fault[] {
  if (!alarms) return [];
  const given = (['balancer', 'autoscaling_group', 'scale', 'instances'] as const).filter((key) =>
    key === 'instances' ? alarms.instances.length > 0 : alarms[key] !== undefined,
  );
  return given.map((key) => ({
    path: ['alarms', key],
    part: 'key',
    message: `alarms of ec2 are for the load balancer and the nodes that the stack makes, so ${key} says nothing`,
    hint: `take ${key} out`,
  }));
}
