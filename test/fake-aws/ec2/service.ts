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

/** An instance, by what Auto Scaling has made of it. */
export interface FakeMachine {
  readonly id: string;
  readonly region: string;
  /** Its private address; none where it has gone. */
  readonly address?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

interface State {
  readonly vpcs: readonly FakeVpc[];
  machines: readonly FakeMachine[];
}

const refused = (code: string, message: string): AwsError => new AwsError(400, code, message);

/** EC2, as far as networks and instances are read; an operation more is one entry. */
export function fakeEc2(vpcs: readonly FakeVpc[], machines: readonly FakeMachine[] = []) {
  return defineService<State>({
    name: 'ec2',
    protocol: ec2Query,
    state: { vpcs, machines },
    operations: {
      // most entries of a page are those of the pages of these operations
      DescribeVpcs: listing(
        'vpcSet',
        1000,
        networks((all) => all.map(vpcXml)),
      ),
      DescribeSubnets: listing(
        'subnetSet',
        1000,
        networks((all) => all.flatMap((vpc) => vpc.subnets.map((subnet) => subnetXml(subnet, vpc)))),
      ),
      DescribeRouteTables: listing(
        'routeTableSet',
        100,
        networks((all) => all.flatMap(tablesXml)),
      ),
      DescribeInstances: listing('reservationSet', 1000, (state, region, form) => {
        const holds = filterIn(form);
        return state.machines
          .filter((machine) => machine.region === region && holds(machine))
          .map(reservationXml);
      }),
    },
    inventory: (state) => state.vpcs,
  });
}

type Items = (state: State, region: string, form: Form) => readonly Xml[];

const networks =
  (print: (vpcs: readonly FakeVpc[]) => readonly Xml[]): Items =>
  ({ vpcs }, region) =>
    print(vpcs.filter((vpc) => vpc.region === region));

/** The one filter that is known here, by a tag. */
function filterIn(form: Form): (machine: FakeMachine) => boolean {
  const name = form['Filter.1.Name'];
  if (name === undefined) return () => true;
  const [, key] = /^tag:(.+)$/u.exec(name) ?? [];
  if (key === undefined) throw refused('InvalidParameterValue', `The filter '${name}' is invalid`);
  const values = Object.keys(form).flatMap((field) =>
    field.startsWith('Filter.1.Value.') ? form[field]! : [],
  );
  if (values.length > 200) throw refused('FilterLimitExceeded', 'The maximum number of filter values is 200');
  return ({ tags = {} }) => tags[key] !== undefined && values.includes(tags[key]);
}

/** Each instance by itself, as those are that Auto Scaling launches one by one. */
function reservationXml({ id, address }: FakeMachine): Xml {
  const instance = element(
    'item',
    element('instanceId', id),
    ...(address === undefined ? [] : [element('privateIpAddress', address)]),
  );
  return element('item', element('reservationId', `r-${id}`), element('instancesSet', instance));
}

function listing(name: string, most: number, items: Items): Operation<State> {
  return {
    mutates: false,
    run(state, form: Form, { region }) {
      for (const field of Object.keys(form))
        if (!/^(?:operation|MaxResults|NextToken|Filter\.1\.(?:Name|Value\.\d+))$/u.test(field))
          throw refused('UnknownParameter', `The parameter ${field} is not recognized`);
      const all = items(state, region, form);
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
