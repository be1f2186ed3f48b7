import {
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type RouteTable,
  type Subnet,
} from '@aws-sdk/client-ec2';
import { allPages } from '../pages.ts';
import type { Kind } from './kind.ts';

interface Vpc {
  readonly id: string;
  /** Its tag Name; '' where it has none. */
  readonly name: string;
  readonly ranges: readonly string[];
  /** Those that a load balancer can be in, by their zones. */
  readonly subnets: readonly { readonly id: string; readonly zone: string; readonly way: Way }[];
}

/** Where the way of a subnet to the internet leads: straight there, by something of the VPC, or there is none. */
type Way = 'public' | 'private' | 'none';

/** Entries of a page: the most that each call gives. */
const [PAGE, PAGE_OF_TABLES] = [1000, 100];

/** VPCs, and which of their subnets lead to the internet. */
export const vpcs: Kind<Vpc> = {
  doing: 'list VPCs',
  actions: ['ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeRouteTables'],
  scope: 'first',
  async list({ options, within }) {
    const client = new EC2Client(options);
    try {
      const [all, subnets, tables] = await Promise.all([
        allPages(async (NextToken) => {
          const page = await client.send(new DescribeVpcsCommand({ NextToken, MaxResults: PAGE }), within);
          return { items: page.Vpcs, next: page.NextToken };
        }),
        allPages(async (NextToken) => {
          const page = await client.send(new DescribeSubnetsCommand({ NextToken, MaxResults: PAGE }), within);
          return { items: page.Subnets, next: page.NextToken };
        }),
        allPages(async (NextToken) => {
          const page = await client.send(
            new DescribeRouteTablesCommand({ NextToken, MaxResults: PAGE_OF_TABLES }),
            within,
          );
          return { items: page.RouteTables, next: page.NextToken };
        }),
      ]);
      return all
        .filter(({ State }) => State === 'available')
        .map(({ VpcId = '', CidrBlock, CidrBlockAssociationSet, Tags }) => ({
          id: VpcId,
          name: Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '',
          ranges: [
            ...new Set([
              ...(CidrBlock === undefined ? [] : [CidrBlock]),
              ...(CidrBlockAssociationSet ?? [])
                .filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
                .flatMap((one) => one.CidrBlock ?? []),
            ]),
          ],
          subnets: subnets
            .filter((subnet) => subnet.VpcId === VpcId && isUsable(subnet))
            .map(({ SubnetId = '', AvailabilityZone = '' }) => ({
              id: SubnetId,
              zone: AvailabilityZone,
              way: wayOf(SubnetId, VpcId, tables),
            }))
            .toSorted((a, b) => (`${a.zone} ${a.id}` < `${b.zone} ${b.id}` ? -1 : 1)),
        }));
    } finally {
      client.destroy();
    }
  },
};

/** Local Zones, such as us-east-1-bos-1a, have no Network Load Balancers with addresses that stay, nor is IPv4 everywhere. */
function isUsable({ State, AvailabilityZone = '', Ipv6Native }: Subnet): boolean {
  return State === 'available' && Ipv6Native !== true && /^[a-z-]+-\d[a-z]$/u.test(AvailabilityZone);
}

/** By the route table of a subnet; where it has none of its own, by the main one of the VPC. */
function wayOf(subnet: string, vpc: string, tables: readonly RouteTable[]): Way {
  const own = tables.find(({ Associations }) => Associations?.some(({ SubnetId }) => SubnetId === subnet));
  const main = tables.find(
    ({ VpcId, Associations }) => VpcId === vpc && Associations?.some(({ Main }) => Main === true),
  );
  const way = (own ?? main)?.Routes?.find(
    ({ DestinationCidrBlock, State }) => DestinationCidrBlock === '0.0.0.0/0' && State === 'active',
  );
  if (way === undefined) return 'none';
  return way.GatewayId?.startsWith('igw-') ? 'public' : 'private';
}
