import { ec2Of } from '../../balancer/ec2.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { seedJson, templateJson } from '../../render/cloudformation/write.ts';
import { stackTags, stackTemplate } from './template.ts';
import type { WantedStack } from './world.ts';

/** The stack of a balancer in a Region, as lb.yaml has it. */
export function wantedStack(balancer: Balancer, region: string): WantedStack {
  const template = stackTemplate(balancer, region);
  return {
    balancer: balancer.name,
    name: stackNameOf(balancer),
    template: templateJson(template),
    seed: seedJson(template),
    tags: stackTags(balancer),
    isProtected: ec2Of(balancer).termination_protection,
  };
}

export function stackNameOf({ name }: Pick<Balancer, 'name'>): string {
  return `lbctl-${name}`;
}
