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
  /** What a node has told while the hook of its launch waited for it: heartbeats, and how it went. */
  readonly told?: readonly string[];
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
  /** Names of lifecycle hooks at the launch of instances. */
  readonly hooks?: readonly string[];
}

interface Sizes {
  readonly min: number;
  readonly max: number;
  readonly desired?: number | undefined;
}

interface State {
  groups: readonly FakeGroup[];
}

/** Groups that an answer has when nothing is said, and at most ("DescribeAutoScalingGroups"). */
const USUAL = 50;
const MOST = 100;

/** Auto Scaling, as far as groups are read, and nodes tell how their launch goes; an operation more is one entry. */
export function fakeAutoScaling(groups: readonly FakeGroup[] = []) {
  const service = defineService<State>({
    name: 'autoscaling',
    protocol: query('2011-01-01', 'http://autoscaling.amazonaws.com/doc/2011-01-01/'),
    state: { groups },
    operations: {
      DescribeAutoScalingGroups: describeGroups,
      CompleteLifecycleAction: tellOfLaunch,
      RecordLifecycleActionHeartbeat: tellOfLaunch,
    },
    inventory: (state) => state.groups,
  });
  let count = 0;
  /** Instances come and go by no call: the group does it. */
  const change = (
    name: string,
    to: (instances: readonly FakeInstance[]) => readonly FakeInstance[],
  ): void => {
    const state = service.state();
    state.groups = state.groups.map((group) =>
      group.name === name ? { ...group, instances: to(group.instances) } : group,
    );
  };
  return {
    ...service,
    add: (group: FakeGroup): void => {
      service.state().groups = [...service.state().groups, group];
    },
    /** Launches an instance, for which a hook waits. */
    launch: (name: string, id: string, zone: string) =>
      change(name, (all) => [...all, { id, zone, state: 'Pending:Wait', healthy: true }]),
    /** What a node tells when its launch is done. */
    serve: (id: string): void => {
      const state = service.state();
      state.groups = state.groups.map((group) => ({
        ...group,
        instances: group.instances.map((one) => (one.id === id ? { ...one, state: 'InService' } : one)),
      }));
    },
    /**
     * Has a group have as many instances as it should by new sizes; without `desired` that stays, as far as it is between the others.
     * @returns those that it launches and ends; it ends the oldest where most are.
     */
    resize(name: string, { min, max, desired }: Sizes): { launched: FakeInstance[]; ended: FakeInstance[] } {
      const group = service.state().groups.find((one) => one.name === name)!;
      const wanted = desired ?? Math.min(Math.max(group.desired, min), max);
      const [launched, ended]: FakeInstance[][] = [[], []];
      const instances = [...group.instances];
      const inZone = (zone: string): number => instances.filter((one) => one.zone === zone).length;
      const zones = ['a', 'b'].map((letter) => `${group.region}${letter}`);
      while (instances.length < wanted) {
        const zone = zones.toSorted((one, other) => inZone(one) - inZone(other))[0]!;
        const id = `i-${String(++count).padStart(17, '0')}`;
        const one = { id, zone, state: 'Pending:Wait', healthy: true };
        instances.push(one);
        launched!.push(one);
      }
      while (instances.length > wanted) {
        const zone = zones.toSorted((one, other) => inZone(other) - inZone(one))[0]!;
        const oldest = instances.findIndex((one) => one.zone === zone);
        ended!.push(...instances.splice(oldest, 1));
      }
      const state = service.state();
      state.groups = state.groups.map((one) =>
        one.name === name ? { ...one, min, max, desired: wanted, instances } : one,
      );
      return { launched: launched!, ended: ended! };
    },
    /** Has its instances registered in target groups, and nowhere else. */
    register: (name: string, targetGroupArns: readonly string[]): void => {
      const state = service.state();
      state.groups = state.groups.map((group) =>
        group.name === name ? { ...group, targetGroupArns } : group,
      );
    },
    remove: (name: string): void => {
      const state = service.state();
      state.groups = state.groups.filter((group) => group.name !== name);
    },
    end: (name: string, id: string) => change(name, (all) => all.filter((one) => one.id !== id)),
    instance: (id: string) =>
      service
        .state()
        .groups.flatMap(({ instances }) => instances)
        .find((one) => one.id === id),
  };
}

const STATES: Readonly<Record<string, string>> = { CONTINUE: 'InService', ABANDON: 'Terminating' };

/** Only while the hook waits for it. */
const tellOfLaunch: Operation<State> = {
  mutates: true,
  run(state, form: Form, { region }) {
    onlyFields(
      form,
      'AutoScalingGroupName',
      'LifecycleHookName',
      'InstanceId',
      'LifecycleActionToken',
      'LifecycleActionResult',
    );
    const { operation, AutoScalingGroupName: name, LifecycleHookName: hook, InstanceId: id } = form;
    const group = state.groups.find((one) => one.name === name && one.region === region);
    if (group === undefined) throw invalid('AutoScalingGroup name not found - null');
    if (!group.hooks?.includes(hook!)) throw invalid(`No Lifecycle Hook found with name: ${hook}`);
    const word = operation === 'CompleteLifecycleAction' ? form['LifecycleActionResult']! : 'heartbeat';
    if (word !== 'heartbeat' && STATES[word] === undefined)
      throw invalid('LifecycleActionResult must be CONTINUE or ABANDON');
    const instance = group.instances.find((one) => one.id === id && one.state === 'Pending:Wait');
    if (instance === undefined) throw invalid(`No active Lifecycle Action found with instance ID ${id}`);
    const told = [...(instance.told ?? []), word];
    const changed = { ...instance, state: STATES[word] ?? instance.state, told };
    state.groups = state.groups.map((one) =>
      one === group
        ? { ...one, instances: one.instances.map((other) => (other === instance ? changed : other)) }
        : one,
    );
    return { operation, result: [] };
  },
};

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
