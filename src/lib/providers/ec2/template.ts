import { ec2Of } from '../../balancer/ec2.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { alarmResources } from '../../metrics/alarms/stack.ts';
import { type Template, templateOf } from '../../render/cloudformation/template.ts';

/**
 * The stack of a balancer in a Region, with its alarms, which tell the topics there.
 * @param region what is for other ones is left out; where it is not known, all is in.
 */
export function stackTemplate(balancer: Balancer, region?: string): Template {
  const { name, alarms: settings } = balancer;
  if (!settings) return templateOf(balancer, { region });
  const notify = settings.notify.filter((topic) => region === undefined || topic.split(':')[3] === region);
  return templateOf(balancer, {
    region,
    alarms: ({ balancer: loadBalancer, groups, nodes: autoScalingGroup }) =>
      alarmResources(name, { loadBalancer, targetGroups: groups, autoScalingGroup }, { ...settings, notify }),
  });
}

/** Tags of a stack, which all that it makes gets, too. */
export function stackTags(balancer: Balancer): Readonly<Record<string, string>> {
  return { ...ec2Of(balancer).tags, 'lbctl:balancer': balancer.name };
}
