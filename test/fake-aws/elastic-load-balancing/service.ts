import { AwsError } from '../errors.ts';
import { onlyFields } from '../protocols/form.ts';
import { query } from '../protocols/query.ts';
import { element, type Xml } from '../protocols/xml.ts';
import { defineService, type Operation } from '../service.ts';

export interface FakeBalancer {
  readonly name: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly type?: 'network' | 'application';
  readonly state?: string;
  /** Names of its target groups. */
  readonly groups: readonly string[];
}

/** An instance in a target group. */
export interface FakeTarget {
  readonly id: string;
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/** The targets of a group by its ARN; undefined where there is no such group. */
type Targets = (arn: string) => readonly FakeTarget[] | undefined;

interface State {
  readonly balancers: readonly FakeBalancer[];
}

const ACCOUNT = '111122223333';
const MOST = 400;
const id = (name: string): string => Buffer.from(name.padEnd(8, '_')).toString('hex').slice(0, 16);

export const balancerArn = ({ name, region, type = 'network' }: FakeBalancer): string =>
  `arn:aws:elasticloadbalancing:${region}:${ACCOUNT}:loadbalancer/${type === 'network' ? 'net' : 'app'}/${name}/${id(name)}`;
export const groupArn = (region: string, group: string): string =>
  `arn:aws:elasticloadbalancing:${region}:${ACCOUNT}:targetgroup/${group}/${id(group)}`;

type Form = Readonly<Record<string, string>>;

/** Those of a list that a page has, and what brings the next one. */
function paged<Item>(form: Form, all: readonly Item[]): { items: readonly Item[]; next: string | undefined } {
  const size = Number(form['PageSize'] ?? MOST);
  if (!Number.isInteger(size) || size < 1 || size > MOST)
    throw new AwsError(
      400,
      'ValidationError',
      `1 validation error detected: Value '${form['PageSize']}' at 'pageSize' failed to satisfy constraint: Member must have value less than or equal to ${MOST}`,
    );
  const from = Number(form['Marker'] ?? 0);
  const to = from + size;
  return { items: all.slice(from, to), next: to < all.length ? String(to) : undefined };
}

function listing<Item>(
  name: string,
  all: (state: State, region: string) => readonly Item[],
  print: (item: Item) => Xml,
): Operation<State> {
  return {
    mutates: false,
    run(state, form: Form, { region }) {
      const { items, next } = paged(form, all(state, region));
      return {
        operation: form['operation'],
        result: [
          element(name, ...items.map(print)),
          ...(next === undefined ? [] : [element('NextMarker', next)]),
        ],
      };
    },
  };
}

/** Healthy ones have no reason. */
function targetXml({ id, state, reason, description }: FakeTarget): Xml {
  return element(
    'member',
    element('Target', element('Id', id), element('Port', 80)),
    element('HealthCheckPort', 19_098),
    element(
      'TargetHealth',
      element('State', state),
      reason === undefined ? undefined : element('Reason', reason),
      description === undefined ? undefined : element('Description', description),
    ),
  );
}

/**
 * Elastic Load Balancing, version 2, as far as it is read here.
 * @param targets of groups that no balancer of these names.
 */
export function elasticLoadBalancing(balancers: readonly FakeBalancer[], targets: Targets = () => undefined) {
  return defineService<State>({
    name: 'elasticloadbalancing',
    protocol: query('2015-12-01', 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/'),
    state: { balancers },
    operations: {
      DescribeLoadBalancers: listing(
        'LoadBalancers',
        (state, region) => state.balancers.filter((balancer) => balancer.region === region),
        (balancer) =>
          element(
            'member',
            element('LoadBalancerArn', balancerArn(balancer)),
            element('LoadBalancerName', balancer.name),
            element('Type', balancer.type ?? 'network'),
            element('State', element('Code', balancer.state ?? 'active')),
            element(
              'AvailabilityZones',
              ...balancer.zones.map((zone) => element('member', element('ZoneName', zone))),
            ),
          ),
      ),
      DescribeTargetGroups: listing(
        'TargetGroups',
        (state, region) =>
          state.balancers
            .filter((balancer) => balancer.region === region)
            .flatMap((balancer) => balancer.groups.map((group) => ({ balancer, group }))),
        ({ balancer, group }) =>
          element(
            'member',
            element('TargetGroupArn', groupArn(balancer.region, group)),
            element('TargetGroupName', group),
            element('LoadBalancerArns', element('member', balancerArn(balancer))),
          ),
      ),
      DescribeTargetHealth: {
        mutates: false,
        run(_, form: Form, { region }) {
          onlyFields(form, 'TargetGroupArn');
          const arn = form['TargetGroupArn'] ?? '';
          if (!new RegExp(`^arn:[^:]+:elasticloadbalancing:${region}:\\d+:targetgroup/`, 'u').test(arn))
            throw new AwsError(400, 'ValidationError', `'${arn}' is not a valid target group ARN`);
          const found = targets(arn);
          if (!found) throw new AwsError(400, 'TargetGroupNotFound', 'One or more target groups not found');
          return {
            operation: form['operation'],
            result: [element('TargetHealthDescriptions', ...found.map(targetXml))],
          };
        },
      },
    },
    inventory: (state) => state.balancers.map(balancerArn),
  });
}
