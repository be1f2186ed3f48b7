import type { Answers, Fleet } from '../answers.ts';
import { comment } from '../comments.ts';

/** Nodes on EC2 behind a Network Load Balancer. */
export function fleetLines(answers: Answers, fleet: Fleet): string[] {
  const { nodes, instanceTypes, image, staticIps } = fleet;
  const isFixed = nodes.min === nodes.max;
  return [
    ...comment(
      'It runs on EC2: nodes of an Auto Scaling group behind a Network Load Balancer, all of them in one stack of CloudFormation a Region. `lbctl help ec2` tells of its parts, and what they cost.',
    ),
    'provider: ec2',
    `regions: [${answers.regions.join(', ')}]`,
    'ec2:',
    ...comment(
      isFixed
        ? 'In each Region, spread over its zones; { min: 2, max: 6 } has as many as their CPU takes.'
        : 'In each Region, spread over its zones: as many as their CPU takes (scaling: { cpu: 60 }).',
      '  ',
    ),
    `  nodes: ${isFixed ? nodes.min : `{ min: ${nodes.min}, max: ${nodes.max} }`}`,
    ...comment('All for arm64 or all for x86_64; the first that is to be had is taken.', '  '),
    `  instance_types: [${instanceTypes.join(', ')}]`,
    `  image: ${image}`,
    ...networkLines(fleet),
    ...comment(
      staticIps
        ? 'An Elastic IP in each zone: addresses that stay, such as for firewalls of clients.'
        : 'Clients go by the name of the load balancer, whose addresses may change.',
      '  ',
    ),
    `  static_ips: ${staticIps}`,
  ];
}

function networkLines({ network }: Fleet): string[] {
  if (!network.made) {
    const { id, publicSubnets, privateSubnets } = network;
    return [
      ...comment(
        'A VPC that is there. Servers in it must let nodes in: by their subnets, or by the group NodeGroup of the stack.',
        '  ',
      ),
      '  vpc:',
      `    id: ${id}`,
      ...subnetLines(
        'public_subnets',
        publicSubnets,
        'Of the load balancer, one a zone, with a route to the internet.',
      ),
      ...(privateSubnets.length === 0
        ? comment(
            'Nodes are there, too, with addresses of their own; private_subnets has them elsewhere.',
            '    ',
          )
        : subnetLines('private_subnets', privateSubnets, 'Of the nodes, in the same zones.')),
    ];
  }
  const { nat, range } = network;
  return [
    ...comment(
      range === undefined
        ? 'A VPC is made for it; id and subnets take one that is there.'
        : 'A VPC is made for it. To reach servers with private addresses, peer it with theirs, with routes both ways, and have them let it in; or take theirs, by id and subnets.',
      '  ',
    ),
    '  vpc:',
    ...(range === undefined ? [] : [`    cidr: ${range}`]),
    ...comment(NAT[nat]!, '    '),
    `    nat: ${nat}`,
  ];
}

/** What the ways to the internet mean. */
const NAT: Readonly<Record<string, string>> = {
  per_zone: 'Nodes reach the internet by a NAT gateway in each zone; one costs less, none least.',
  one: 'Nodes reach the internet by one NAT gateway: without its zone, no new node can start.',
  none: 'Nodes have public addresses, to which nobody but the load balancer can connect.',
};

function subnetLines(key: string, ids: readonly string[], about: string): string[] {
  return [...comment(about, '    '), `    ${key}:`, ...ids.map((id) => `      - ${id}`)];
}
