import { architectureOf } from '../../ec2.ts';
import type { Fault } from '../../fault.ts';
import type { Balancer } from '../../schema/balancer.ts';
import type { Ec2 } from '../../schema/ec2.ts';

/** Tags of a resource are 50, and CloudFormation, Auto Scaling and lbctl have some of their own. */
const MOST_TAGS = 40;
/** Modules that no package of the image brings. */
const LACKING: Readonly<Partial<Record<Ec2['image'], readonly string[]>>> = {
  amazon_linux_2023: ['geoip2', 'modsecurity'],
};

/** Faults of the nodes: how many, of what kind, with what on them. */
export function nodeFaults({ nodes, instance_types: types, image, tags }: Ec2, { nginx }: Balancer): Fault[] {
  const { min, max, desired = min } = nodes;
  const faults: Fault[] = [];
  if (min > max)
    faults.push({ path: ['ec2', 'nodes', 'min'], message: `min is ${min}, and max only ${max}` });
  else if (desired < min || desired > max)
    faults.push({
      path: ['ec2', 'nodes', 'desired'],
      message: `${desired} is not between min (${min}) and max (${max})`,
    });
  const [first = ''] = types;
  for (const [index, type] of types.entries()) {
    if (types.indexOf(type) < index)
      faults.push({
        path: ['ec2', 'instance_types', index],
        message: `instance type ${type} is listed twice`,
      });
    if (architectureOf(type) !== architectureOf(first))
      faults.push({
        path: ['ec2', 'instance_types', index],
        message: `${type} is for ${architectureOf(type)} and ${first} for ${architectureOf(first)}: one image serves one of them`,
        hint: 'name instance types of one architecture; those of Graviton (arm64) have a g behind the number, as in t4g',
      });
  }
  const lacking = nginx.modules.filter((module) => LACKING[image]?.includes(module));
  faults.push(
    ...lacking.map((module) => ({
      path: ['nginx', 'modules', nginx.modules.indexOf(module)],
      message: `${image} has no package of the module ${module}`,
      hint: 'take ec2.image: debian_12, debian_13 or ubuntu_24_04',
    })),
  );
  if (nginx.plus)
    faults.push({
      path: ['nginx', 'plus'],
      message: 'nodes of ec2 install the NGINX of their system, which is not NGINX Plus',
      hint: 'take plus out; provider ssh runs on machines that have it',
    });
  for (const key of Object.keys(tags).filter((name) => /[ /]/u.test(name)))
    faults.push({
      path: ['ec2', 'tags', key],
      part: 'key',
      message: `tag ${key} has a space or a slash, and nodes read their tags where such keys are not allowed`,
      hint: 'write - or : in its place',
    });
  if (Object.keys(tags).length > MOST_TAGS)
    faults.push({ path: ['ec2', 'tags'], message: `there can be ${MOST_TAGS} tags beside those of lbctl` });
  return faults;
}

/** Faults of Spot Instances: more On-Demand ones than nodes, settings of another strategy. */
export function spotFaults({ spot, nodes, instance_types: types }: Ec2): Fault[] {
  if (!spot) return [];
  const faults: Fault[] = [];
  if (spot.on_demand_base > nodes.max)
    faults.push({
      path: ['ec2', 'spot', 'on_demand_base'],
      message: `on_demand_base is ${spot.on_demand_base}, and there are ${nodes.max} nodes at most`,
    });
  if (spot.pools !== undefined && spot.strategy !== 'lowest-price')
    faults.push({
      path: ['ec2', 'spot', 'pools'],
      part: 'key',
      message: `pools says something with strategy: lowest-price alone, and strategy is ${spot.strategy}`,
    });
  if (spot.strategy === 'capacity-optimized-prioritized' && types.length < 2)
    faults.push({
      path: ['ec2', 'spot', 'strategy'],
      message: 'capacity-optimized-prioritized goes by the order of instance_types, and there is one',
      hint: 'name several that would do, such as instance_types: [t4g.small, t4g.medium, m7g.medium]',
    });
  return faults;
}
