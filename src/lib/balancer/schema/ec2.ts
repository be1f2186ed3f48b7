import { either, list, object, shorthand } from '../shape/containers.ts';
import { boolean, choice, number, only, text } from '../shape/scalars.ts';
import type { Output } from '../shape/shape.ts';
import { tags } from './tags.ts';

/** Most nodes of a group; beyond it quotas of an account come first. */
export const MOST_NODES = 200;

const nodes = shorthand(
  object({
    min: number(1, MOST_NODES).describe('Fewest nodes.'),
    max: number(1, MOST_NODES).describe('Most nodes; how many there are between the two follows scaling.'),
    desired: number(1, MOST_NODES)
      .optional()
      .describe('Nodes to begin with; min when left out. Later on, scaling decides.'),
  }),
  number(1, MOST_NODES),
  (count) => ({ min: count, max: count }),
);

const zones = either(
  number(2, 6),
  list(text(/^[a-f]$/u, 'must be the letter of a zone, such as a'), 'is empty'),
);

export const vpcRange = text(
  /^\d{1,3}(\.\d{1,3}){3}\/(1[6-9]|2[0-4])$/u,
  'must be a range from /16 to /24 such as 10.20.0.0/16',
);

export const vpcId = text(/^vpc-[0-9a-f]{8,17}$/u, 'must be the ID of a VPC such as vpc-0abc1234def567890');

export const subnetId = text(
  /^subnet-[0-9a-f]{8,17}$/u,
  'must be the ID of a subnet such as subnet-0abc1234def567890',
);

export const instanceType = text(
  /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/u,
  'must be an instance type such as t4g.small',
);

export const IMAGES = ['amazon_linux_2023', 'debian_12', 'debian_13', 'ubuntu_24_04'] as const;

const vpc = object({
  cidr: vpcRange
    .optional()
    .describe(
      'Addresses of the VPC that is made; 10.0.0.0/16 when left out. Another one makes everything anew.',
    ),
  nat: choice(['per_zone', 'one', 'none'])
    .optional()
    .describe(
      'How nodes of a VPC that is made reach the internet and AWS: by a NAT gateway in each zone (the default), by one for all, which costs less and is gone with its zone, or none: then nodes stand in public subnets with addresses of their own, which only the load balancer can connect to.',
    ),
  id: vpcId.optional().describe('A VPC that you have, in place of one that is made.'),
  public_subnets: list(subnetId)
    .optional()
    .describe('Subnets of the load balancer in that VPC, one a zone, with a route to the internet.'),
  private_subnets: list(subnetId)
    .optional()
    .describe(
      'Subnets of the nodes in that VPC, one in each of the same zones, from which AWS can be reached; when left out, nodes stand in the public ones with addresses of their own.',
    ),
}).describe('Network of the nodes.');

const scaling = object({
  cpu: number(1, 100)
    .default(60)
    .describe('Percent that the nodes should be busy: more are started above it, some ended below.'),
}).describe('How many nodes there are between nodes.min and nodes.max.');

const spot = object({
  strategy: choice([
    'price-capacity-optimized',
    'capacity-optimized',
    'capacity-optimized-prioritized',
    'lowest-price',
  ])
    .default('price-capacity-optimized')
    .describe(
      "Which of the instance types Spot Instances are taken from; capacity-optimized-prioritized goes by the order of instance_types where it can, and AWS's advice is the default.",
    ),
  on_demand_base: number(0, MOST_NODES)
    .default(1)
    .describe('Nodes that are On-Demand Instances in any case.'),
  on_demand_percentage: number(0, 100)
    .default(50)
    .describe('Percent of the nodes beyond these that are On-Demand Instances, too.'),
  pools: number(1, 20)
    .optional()
    .describe('Cheapest kinds of capacity that are used at a time (lowest-price); 2 when left out.'),
  capacity_rebalancing: boolean()
    .default(true)
    .describe('Start another node as soon as AWS tells that one is likely to be taken back.'),
}).describe('Part of the nodes are Spot Instances, which AWS may take back with two minutes of notice.');

/** Where keys belong that are looked for under ec2. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'under ec2.vpc': ['cidr', 'nat', 'id', 'public_subnets', 'private_subnets'],
  'under ec2.scaling': ['cpu'],
  'at the top level': ['health', 'listeners', 'regions', 'nginx', 'alarms', 'dns', 'logging', 'metrics'],
};

function hintFor(key: string): string | undefined {
  const place = Object.keys(ELSEWHERE).find((name) => ELSEWHERE[name]!.includes(key));
  return place === undefined ? undefined : `${key} belongs ${place}`;
}

export const ec2 = object(
  {
    nodes: nodes
      .default(2)
      .describe('Nodes of the Auto Scaling group in each Region: a number, or min and max.'),
    instance_types: list(instanceType, 'is empty')
      .default(['t4g.small'])
      .describe(
        'Instance types of the nodes, all for arm64 or all for x86_64; the first that is to be had is taken.',
      ),
    image: choice(IMAGES)
      .default('amazon_linux_2023')
      .describe('System of the nodes; the newest image when a node template is made.'),
    disk: number(8, 1000).default(16).describe('Disk of a node in GiB; it is encrypted.'),
    zones: zones
      .optionalWith(2)
      .describe(
        'Availability Zones that it runs in: how many, the first of the Region, or which, by their letter. With vpc.id, those of the subnets.',
      ),
    vpc: vpc.default({}),
    static_ips: boolean()
      .default(true)
      .describe('Give the load balancer an Elastic IP in each zone: addresses that stay.'),
    cross_zone: boolean()
      .default(true)
      .describe(
        'Connections go to the nodes of all zones, so that a zone without a healthy node serves on; traffic between zones costs a little.',
      ),
    proxy_protocol: either(boolean(), only('ready'))
      .default(false)
      .describe(
        'The load balancer tells NGINX the address of clients by the PROXY protocol, in place of keeping it on the connection. Under traffic, go by way of ready, with which nodes listen for both.',
      ),
    deregistration_delay: number(0, 3600)
      .default(120)
      .describe('Seconds that open connections to a node that leaves may go on.'),
    warmup: number(0, 3600).default(120).describe('Seconds until a new node counts in full.'),
    grace: number(0, 3600)
      .default(120)
      .describe('Seconds in which a new node is not ended for being unhealthy.'),
    termination_protection: boolean()
      .default(false)
      .describe('CloudFormation refuses to delete the stack until this is taken back.'),
    scaling: scaling.default({}),
    spot: spot.optional(),
    log_retention: choice([1, 3, 5, 7, 14, 30, 60, 90, 180, 365])
      .default(30)
      .describe('Days that the log group keeps what nodes tell.'),
    tags: tags.describe('Tags of all that the stack makes, beside those of lbctl.'),
  },
  hintFor,
).describe('An Auto Scaling group of nodes behind a Network Load Balancer (provider ec2).');

export type Ec2 = Output<typeof ec2>;
