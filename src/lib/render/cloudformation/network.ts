import { type Network, networkOf } from '../../balancer/ec2.ts';
import type { Ec2 } from '../../balancer/schema/ec2.ts';
import { attribute, ref, type Resource, resource, sub, type Value } from './resource.ts';

/** Where the load balancer and the nodes stand, whoever has made it. */
export interface Ground {
  readonly resources: readonly Resource[];
  readonly vpc: Value;
  /** Subnets of the load balancer, one a zone, by what stands for the zone in logical IDs: its letter where it is made here. */
  readonly front: readonly { readonly zone: string; readonly subnet: Value }[];
  /** Subnets of the nodes. */
  readonly nodes: readonly Value[];
  /** Whether nodes need an address of their own to reach AWS. */
  readonly open: boolean;
  /** What a load balancer and addresses for the internet wait for. */
  readonly gate: readonly Resource[];
  /** What leads from nodes to AWS: a node that starts before it is there fails. */
  readonly ways: readonly Resource[];
}

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;

/** A network that is made, or the one that lb.yaml names. */
export function groundOf(name: string, ec2: Ec2): Ground {
  const network = networkOf(ec2);
  return network.kind === 'own' ? madeGround(name, ec2, network) : givenGround(network);
}

function givenGround({ id, publicSubnets, privateSubnets }: Extract<Network, { kind: 'existing' }>): Ground {
  return {
    resources: [],
    vpc: id,
    // by the subnet itself: a balancer keeps the address that it has there, in whatever order they are named
    front: publicSubnets.map((subnet) => ({ zone: subnet.replace(/^subnet-/u, ''), subnet })),
    nodes: privateSubnets ?? publicSubnets,
    open: privateSubnets === undefined,
    gate: [],
    ways: [],
  };
}

interface Zone {
  readonly letter: string;
  /** Place among the blocks of addresses; it stays when zones come and go. */
  readonly index: number;
  readonly zone: Value;
}

/** The first zones of the Region, or those that are named. */
function zonesOf({ zones = 2 }: Ec2): Zone[] {
  if (typeof zones === 'number')
    return LETTERS.slice(0, zones).map((letter, index) => ({
      letter,
      index,
      zone: { 'Fn::Select': [index, { 'Fn::GetAZs': '' }] },
    }));
  return zones.map((small) => {
    const letter = small.toUpperCase();
    const index = LETTERS.findIndex((one) => one === letter);
    return { letter, index, zone: sub(`\${AWS::Region}${small}`) };
  });
}

function madeGround(name: string, ec2: Ec2, { cidr, nat }: Extract<Network, { kind: 'own' }>): Ground {
  const vpc = resource(
    'Vpc',
    'AWS::EC2::VPC',
    { CidrBlock: cidr, EnableDnsHostnames: true, EnableDnsSupport: true, Tags: named(name) },
    { comment: 'The network: public subnets for the load balancer, private ones for the nodes.' },
  );
  const internet = resource('Internet', 'AWS::EC2::InternetGateway', { Tags: named(name) });
  const attached = resource('InternetAttachment', 'AWS::EC2::VPCGatewayAttachment', {
    VpcId: ref(vpc),
    InternetGatewayId: ref(internet),
  });
  const table = resource('PublicRoutes', 'AWS::EC2::RouteTable', {
    VpcId: ref(vpc),
    Tags: named(`${name}-public`),
  });
  const out = resource(
    'PublicRoute',
    'AWS::EC2::Route',
    { RouteTableId: ref(table), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref(internet) },
    { after: [attached] },
  );
  const zones = zonesOf(ec2);
  const fronts = zones.map(({ letter, index, zone }) => {
    const subnet = resource(`PublicSubnet${letter}`, 'AWS::EC2::Subnet', {
      VpcId: ref(vpc),
      AvailabilityZone: zone,
      CidrBlock: block(cidr, index),
      Tags: named(`${name}-public-${letter.toLowerCase()}`),
    });
    const association = resource(`PublicRoutes${letter}`, 'AWS::EC2::SubnetRouteTableAssociation', {
      SubnetId: ref(subnet),
      RouteTableId: ref(table),
    });
    return { letter, subnet, association };
  });
  const front = fronts.map(({ letter, subnet }) => ({ zone: letter, subnet: ref(subnet) }));
  const common = [vpc, internet, attached, table, out];
  const shown = fronts.flatMap(({ subnet, association }) => [subnet, association]);
  if (nat === 'none') {
    const bucketWay = storage(vpc, [table]);
    return {
      resources: [...common, ...shown, bucketWay],
      vpc: ref(vpc),
      front,
      nodes: front.map(({ subnet }) => subnet),
      open: true,
      gate: [out],
      // routes that change cut connections to S3, as those by which a node fetches what it installs
      ways: [out, ...fronts.map(({ association }) => association), bucketWay],
    };
  }
  const gateways = fronts.slice(0, nat === 'one' ? 1 : undefined).map(({ letter, subnet, association }) => {
    const address = resource(
      `NatAddress${letter}`,
      'AWS::EC2::EIP',
      { Domain: 'vpc', Tags: named(`${name}-nat-${letter.toLowerCase()}`) },
      { after: [attached] },
    );
    const gateway = resource(
      `Nat${letter}`,
      'AWS::EC2::NatGateway',
      {
        AllocationId: attribute(address, 'AllocationId'),
        SubnetId: ref(subnet),
        Tags: named(`${name}-${letter.toLowerCase()}`),
      },
      {
        after: [out, association],
        comment:
          nat === 'one'
            ? 'The way of all nodes to the internet and to AWS; when its zone fails, no new node can start.'
            : `The way of the nodes of zone ${letter} to the internet and to AWS.`,
      },
    );
    return { address, gateway };
  });
  const insides = zones.map(({ letter, index, zone }, place) => {
    const subnet = resource(`PrivateSubnet${letter}`, 'AWS::EC2::Subnet', {
      VpcId: ref(vpc),
      AvailabilityZone: zone,
      CidrBlock: block(cidr, index + PRIVATE),
      Tags: named(`${name}-private-${letter.toLowerCase()}`),
    });
    const routes = resource(`PrivateRoutes${letter}`, 'AWS::EC2::RouteTable', {
      VpcId: ref(vpc),
      Tags: named(`${name}-private-${letter.toLowerCase()}`),
    });
    const association = resource(`PrivateRoutesOf${letter}`, 'AWS::EC2::SubnetRouteTableAssociation', {
      SubnetId: ref(subnet),
      RouteTableId: ref(routes),
    });
    const route = resource(`PrivateRoute${letter}`, 'AWS::EC2::Route', {
      RouteTableId: ref(routes),
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: ref((gateways[place] ?? gateways[0]!).gateway),
    });
    return { subnet, routes, association, route };
  });
  const bucketWay = storage(
    vpc,
    insides.map(({ routes }) => routes),
  );
  return {
    resources: [
      ...common,
      ...shown,
      ...gateways.flatMap(({ address, gateway }) => [address, gateway]),
      ...insides.flatMap(({ subnet, routes, association, route }) => [subnet, routes, association, route]),
      bucketWay,
    ],
    vpc: ref(vpc),
    front,
    nodes: insides.map(({ subnet }) => ref(subnet)),
    open: false,
    gate: [out],
    ways: [...insides.flatMap(({ association, route }) => [association, route]), bucketWay],
  };
}

function storage(vpc: Resource, tables: readonly Resource[]): Resource {
  return resource(
    'StorageEndpoint',
    'AWS::EC2::VPCEndpoint',
    {
      VpcId: ref(vpc),
      VpcEndpointType: 'Gateway',
      ServiceName: sub('com.amazonaws.${AWS::Region}.s3'),
      RouteTableIds: tables.map(ref),
    },
    { comment: 'Releases, and packages of Amazon Linux, come from S3 by a way that costs nothing.' },
  );
}

/** Blocks that a network is cut into; the private ones begin with this one. */
const BLOCKS = 16;
const PRIVATE = 8;

/** One of sixteen equal parts of a range. */
function block(cidr: string, index: number): string {
  const [address = '', bits = ''] = cidr.split('/');
  const start = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(bits)) / BLOCKS;
  const own = start + index * size;
  const text = [24, 16, 8, 0].map((shift) => Math.floor(own / 2 ** shift) % 256).join('.');
  return `${text}/${Number(bits) + Math.log2(BLOCKS)}`;
}

/** The tag that consoles show as the name. */
export function named(name: string): Value {
  return [{ Key: 'Name', Value: name }];
}
