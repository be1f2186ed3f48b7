import { AwsError } from '../errors.ts';
import { ec2Query } from '../protocols/ec2-query.ts';
import type { Form } from '../protocols/form.ts';
import { element, type Xml } from '../protocols/xml.ts';
import { defineService, type Operation } from '../service.ts';

/** A VPC with its subnets and routes. */
export interface FakeVpc {
  readonly id: string;
  readonly region: string;
  readonly cidr: string;
  /** Ranges that were added to it later, and those that are on their way out. */
  readonly more?: readonly { readonly cidr: string; readonly state: 'associated' | 'disassociated' }[];
  readonly name?: string;
  readonly subnets: readonly FakeSubnet[];
  /** Where its main route table leads; nowhere when left out. */
  readonly main?: string;
}

interface FakeSubnet {
  readonly id: string;
  readonly zone: string;
  readonly state?: 'available' | 'pending';
  /** It has IPv6 alone. */
  readonly newer?: boolean;
  /** Where a route table of its own leads, such as `igw-1`, `nat-1` or `local`; the main one when left out. */
  readonly way?: string;
  /** Whether what it leads to is gone. */
  readonly blackhole?: boolean;
}

interface State {
  readonly vpcs: readonly FakeVpc[];
}

const refused = (code: string, message: string): AwsError => new AwsError(400, code, message);

/** EC2, as far as networks are read; an operation more is one entry. */
export function fakeEc2(vpcs: readonly FakeVpc[]) {
  return defineService<State>({
    name: 'ec2',
    protocol: ec2Query,
    state: { vpcs },
    operations: {
      // most entries of a page are those of the pages of these operations
      DescribeVpcs: listing('vpcSet', 1000, (all) => all.map(vpcXml)),
      DescribeSubnets: listing('subnetSet', 1000, (all) =>
        all.flatMap((vpc) => vpc.subnets.map((subnet) => subnetXml(subnet, vpc))),
      ),
      DescribeRouteTables: listing('routeTableSet', 100, (all) => all.flatMap(tablesXml)),
    },
    inventory: (state) => state.vpcs,
  });
}

function listing(
  name: string,
  most: number,
  items: (vpcs: readonly FakeVpc[]) => readonly Xml[],
): Operation<State> {
  return {
    mutates: false,
    run(state, form: Form, { region }) {
      for (const field of Object.keys(form))
        if (!['operation', 'MaxResults', 'NextToken'].includes(field))
          throw refused('UnknownParameter', `The parameter ${field} is not recognized`);
      const all = items(state.vpcs.filter((vpc) => vpc.region === region));
      const size = form['MaxResults'] === undefined ? all.length : Number(form['MaxResults']);
      if (form['MaxResults'] !== undefined && (!Number.isInteger(size) || size < 5 || size > most))
        throw refused(
          'InvalidParameterValue',
          `Value ( ${form['MaxResults']} ) for parameter maxResults is invalid. Expecting a value from 5 to ${most}.`,
        );
      const from = form['NextToken'] === undefined ? 0 : Number(form['NextToken'].replace(/^page-/u, ''));
      if (!Number.isInteger(from) || from >= Math.max(1, all.length))
        throw refused('InvalidNextToken', 'The token is invalid');
      const to = from + size;
      return {
        operation: form['operation'],
        result: [
          element(name, ...all.slice(from, to)),
          ...(to < all.length ? [element('nextToken', `page-${to}`)] : []),
        ],
      };
    },
  };
}

function vpcXml({ id, cidr, more = [], name }: FakeVpc): Xml {
  const ranges = [{ cidr, state: 'associated' }, ...more];
  return element(
    'item',
    element('vpcId', id),
    element('state', 'available'),
    element('cidrBlock', cidr),
    element(
      'cidrBlockAssociationSet',
      ...ranges.map((range) =>
        element(
          'item',
          element('cidrBlock', range.cidr),
          element('cidrBlockState', element('state', range.state)),
        ),
      ),
    ),
    ...(name === undefined
      ? []
      : [element('tagSet', element('item', element('key', 'Name'), element('value', name)))]),
  );
}

function subnetXml({ id, zone, state = 'available', newer = false }: FakeSubnet, vpc: FakeVpc): Xml {
  return element(
    'item',
    element('subnetId', id),
    element('state', state),
    element('vpcId', vpc.id),
    element('availabilityZone', zone),
    element('ipv6Native', String(newer)),
  );
}

function tablesXml(vpc: FakeVpc): Xml[] {
  const table = (association: readonly Xml[], way: string | undefined, blackhole = false): Xml =>
    element(
      'item',
      element('vpcId', vpc.id),
      element('associationSet', element('item', ...association)),
      element(
        'routeSet',
        routeXml(vpc.cidr, 'local', false),
        ...(way === undefined || way === 'local' ? [] : [routeXml('0.0.0.0/0', way, blackhole)]),
      ),
    );
  return [
    table([element('main', 'true')], vpc.main),
    ...vpc.subnets
      .filter(({ way }) => way !== undefined)
      .map(({ id, way, blackhole }) =>
        table([element('main', 'false'), element('subnetId', id)], way, blackhole),
      ),
  ];
}

function routeXml(destination: string, target: string, blackhole: boolean): Xml {
  const kind = target.startsWith('nat-') ? 'natGatewayId' : 'gatewayId';
  return element(
    'item',
    element('destinationCidrBlock', destination),
    element(kind, target),
    element('state', blackhole ? 'blackhole' : 'active'),
  );
}
