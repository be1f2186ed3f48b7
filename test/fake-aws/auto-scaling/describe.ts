import { AwsError } from '../errors.ts';
import { type Form, invalid, listIn, onlyFields } from '../protocols/form.ts';
import { element, type Xml } from '../protocols/xml.ts';
import type { Operation } from '../service.ts';
import type { Activity, FakeGroup, State } from './model.ts';

/** Groups and activities that an answer has when nothing is said, and at most ("DescribeAutoScalingGroups"). */
const USUAL = 50;
const MOST = 100;

/** From where to where the answer goes. */
function pageOf(form: Form): { readonly from: number; readonly to: number } {
  const size = Number(form['MaxRecords'] ?? USUAL);
  if (!Number.isInteger(size) || size < 1 || size > MOST)
    throw invalid(`MaxRecords must be from 1 to ${MOST}`);
  const from = Number(form['NextToken'] ?? 0);
  if (!Number.isInteger(from)) throw new AwsError(400, 'InvalidNextToken', 'The token is not valid.');
  return { from, to: from + size };
}

export const describeGroups: Operation<State> = {
  mutates: false,
  run(state, form: Form, { region, account }) {
    onlyFields(form, 'AutoScalingGroupNames', 'NextToken', 'MaxRecords', 'Filters', 'IncludeInstances');
    const { from, to } = pageOf(form);
    const names = listIn(form, 'AutoScalingGroupNames');
    const tags = filtersIn(form);
    const all = state.groups.filter(
      (group) =>
        group.region === region &&
        (names === undefined || names.includes(group.name)) &&
        tags.every((holds) => holds(group.tags)),
    );
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

/** The newest first. */
export const describeActivities: Operation<State> = {
  mutates: false,
  run(state, form: Form) {
    onlyFields(form, 'AutoScalingGroupName', 'NextToken', 'MaxRecords');
    const { from, to } = pageOf(form);
    const { AutoScalingGroupName: name } = form;
    const all = state.activities.filter(({ group }) => group === name).toReversed();
    return {
      operation: form['operation'],
      result: [
        element('Activities', ...all.slice(from, to).map(activityXml)),
        ...(to < all.length ? [element('NextToken', String(to))] : []),
      ],
    };
  },
};

function activityXml({ id, group, instance, status, message, at }: Activity): Xml {
  return element(
    'member',
    element('ActivityId', id),
    element('AutoScalingGroupName', group),
    element(
      'Description',
      `Launching a new EC2 instance${instance === undefined ? '' : `: ${instance}`}.  Status Reason: ${message ?? ''}`,
    ),
    element(
      'Cause',
      `At ${at} an instance was started in response to a difference between desired and actual capacity.`,
    ),
    element('StartTime', at),
    element('StatusCode', status),
    message === undefined ? undefined : element('StatusMessage', message),
    element('Progress', 100),
    element('Details', '{}'),
  );
}
