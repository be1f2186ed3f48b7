import { AwsError } from '../errors.ts';
import { type Form, invalid, listIn, onlyFields } from '../protocols/form.ts';
import { query } from '../protocols/query.ts';
import { element, type Xml } from '../protocols/xml.ts';
import { defineService, type Operation } from '../service.ts';

interface FakeInstance {
  readonly id: string;
  readonly zone: string;
  readonly type?: string;
  /** Of its lifecycle, such as `InService`. */
  readonly state: string;
  readonly healthy: boolean;
}

export interface FakeGroup {
  readonly name: string;
  readonly region: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly instances: readonly FakeInstance[];
  /** Where its instances are registered. */
  readonly targetGroupArns?: readonly string[];
}

interface State {
  groups: readonly FakeGroup[];
}

/** Groups that an answer has when nothing is said, and at most ("DescribeAutoScalingGroups"). */
const USUAL = 50;
const MOST = 100;

/** Auto Scaling, as far as groups are read; an operation more is one entry. */
export function fakeAutoScaling(groups: readonly FakeGroup[] = []) {
  return defineService<State>({
    name: 'autoscaling',
    protocol: query('2011-01-01', 'http://autoscaling.amazonaws.com/doc/2011-01-01/'),
    state: { groups },
    operations: { DescribeAutoScalingGroups: describeGroups },
    inventory: (state) => state.groups,
  });
}

const describeGroups: Operation<State> = {
  mutates: false,
  run(state, form: Form, { region, account }) {
    onlyFields(form, 'AutoScalingGroupNames', 'NextToken', 'MaxRecords', 'Filters', 'IncludeInstances');
    const size = Number(form['MaxRecords'] ?? USUAL);
    if (!Number.isInteger(size) || size < 1 || size > MOST)
      throw invalid(`MaxRecords must be from 1 to ${MOST}`);
    const names = listIn(form, 'AutoScalingGroupNames');
    const tags = filtersIn(form);
    const all = state.groups.filter(
      (group) =>
        group.region === region &&
        (names === undefined || names.includes(group.name)) &&
        tags.every((holds) => holds(group.tags)),
    );
    const from = Number(form['NextToken'] ?? 0);
    if (!Number.isInteger(from)) throw new AwsError(400, 'InvalidNextToken', 'The token is not valid.');
    const to = from + size;
    return {
      operation: form['operation'],
      result: [
        element('AutoScalingGroups', ...all.slice(from, to).map((group) => groupXml(group, account))),
        ...(to < all.length ? [element('NextToken', String(to))] : []),
      ],
    };
  },
};

type Holds = (tags: Readonly<Record<string, string>>) => boolean;

/** Filters by tags, all of which must hold; values of one are alternatives. */
function filtersIn(form: Form): Holds[] {
  const found: Holds[] = [];
  for (let index = 1; form[`Filters.member.${index}.Name`] !== undefined; index++) {
    const name = form[`Filters.member.${index}.Name`]!;
    const values = listIn(form, `Filters.member.${index}.Values`) ?? [];
    if (name === 'tag-key') found.push((tags) => values.some((key) => key in tags));
    else if (name === 'tag-value')
      found.push((tags) => values.some((value) => Object.values(tags).includes(value)));
    else if (name.startsWith('tag:'))
      found.push((tags) => values.includes(tags[name.slice('tag:'.length)] ?? ''));
    else
      throw invalid(
        `Filter type ${name} is not correct. Allowed Filter types are: tag-key, tag-value, tag:<key>`,
      );
  }
  return found;
}

function groupXml(group: FakeGroup, account: string): Xml {
  const { name, region, min, max, desired, tags, instances, targetGroupArns = [] } = group;
  return element(
    'member',
    element('AutoScalingGroupName', name),
    element(
      'AutoScalingGroupARN',
      `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/${name}`,
    ),
    element('MinSize', min),
    element('MaxSize', max),
    element('DesiredCapacity', desired),
    element('TargetGroupARNs', ...targetGroupArns.map((arn) => element('member', arn))),
    element(
      'TrafficSources',
      ...targetGroupArns.map((arn) =>
        element('member', element('Identifier', arn), element('Type', 'elbv2')),
      ),
    ),
    element(
      'Instances',
      ...instances.map(({ id, zone, type = 't4g.small', state, healthy }) =>
        element(
          'member',
          element('InstanceId', id),
          element('AvailabilityZone', zone),
          element('InstanceType', type),
          element('LifecycleState', state),
          element('HealthStatus', healthy ? 'Healthy' : 'Unhealthy'),
          element('ProtectedFromScaleIn', false),
        ),
      ),
    ),
    element(
      'Tags',
      ...Object.entries(tags).map(([key, value]) =>
        element(
          'member',
          element('ResourceId', name),
          element('ResourceType', 'auto-scaling-group'),
          element('Key', key),
          element('Value', value),
          element('PropagateAtLaunch', true),
        ),
      ),
    ),
  );
}
