import { query } from '../protocols/query.ts';
import { defineService } from '../service.ts';
import { describeActivities, describeGroups } from './describe.ts';
import { tellOfLaunch } from './lifecycle.ts';
import type { Activity, FakeGroup, FakeInstance, State } from './model.ts';

export type { FakeGroup } from './model.ts';

interface Sizes {
  readonly min: number;
  readonly max: number;
  readonly desired?: number | undefined;
}

/** Told of what groups do by themselves. */
interface Surroundings {
  launched?(group: FakeGroup, instance: string): void;
  ended?(instance: string): void;
}

/**
 * Auto Scaling, as far as groups are read, and nodes tell how their launch goes. Groups that have been given sizes launch and
 * end instances as they are looked at, as real ones do a moment later.
 */
export function fakeAutoScaling(
  groups: readonly FakeGroup[] = [],
  { launched = () => undefined, ended = () => undefined }: Surroundings = {},
) {
  const settings = {
    /** Looks at a group until it does what new sizes ask for. */
    looks: 0,
    /** Why no instance can be launched. */
    refusal: undefined as string | undefined,
  };
  const service = defineService<State>({
    name: 'autoscaling',
    protocol: query('2011-01-01', 'http://autoscaling.amazonaws.com/doc/2011-01-01/'),
    state: { groups, activities: [] },
    operations: {
      DescribeAutoScalingGroups: describeGroups,
      DescribeScalingActivities: describeActivities,
      CompleteLifecycleAction: tellOfLaunch,
      RecordLifecycleActionHeartbeat: tellOfLaunch,
    },
    inventory: (state) => state.groups,
  });
  const counts = { instances: 0, activities: 0 };
  const change = (name: string, to: (group: FakeGroup) => FakeGroup): void => {
    const state = service.state();
    state.groups = state.groups.map((group) => (group.name === name ? to(group) : group));
  };
  const changeInstances = (
    name: string,
    to: (instances: readonly FakeInstance[]) => readonly FakeInstance[],
  ): void => change(name, (group) => ({ ...group, instances: to(group.instances) }));

  function note(group: string, instance: string | undefined, status: Activity['status']): void {
    const state = service.state();
    const message = status === 'Failed' ? settings.refusal : undefined;
    const one = {
      id: `activity-${++counts.activities}`,
      group,
      instance,
      status,
      message,
      at: new Date().toISOString(),
    };
    state.activities = [...state.activities, one];
  }

  /** Has a group have as many instances as it should; it ends the oldest where most are. */
  function act(name: string): void {
    const group = service.state().groups.find((one) => one.name === name)!;
    const leaving = group.instances.filter(({ state }) => state === 'Terminating');
    const rest = group.instances.filter(({ state }) => state !== 'Terminating');
    const inZone = (zone: string): number => rest.filter((one) => one.zone === zone).length;
    const zones = ['a', 'b'].map((letter) => `${group.region}${letter}`);
    const come: FakeInstance[] = [];
    while (rest.length < group.desired && settings.refusal === undefined) {
      const zone = zones.toSorted((one, other) => inZone(one) - inZone(other))[0]!;
      const id = `i-${String(++counts.instances).padStart(17, '0')}`;
      const one = { id, zone, state: 'Pending:Wait', healthy: true };
      rest.push(one);
      come.push(one);
    }
    if (rest.length < group.desired) note(name, undefined, 'Failed');
    while (rest.length > group.desired) {
      const zone = zones.toSorted((one, other) => inZone(other) - inZone(one))[0]!;
      const oldest = rest.findIndex((one) => one.zone === zone);
      leaving.push(...rest.splice(oldest, 1));
    }
    changeInstances(name, () => rest);
    for (const { id } of come) note(name, id, 'InProgress');
    for (const { id } of come) launched(group, id);
    for (const { id } of leaving) ended(id);
  }

  return {
    ...service,
    call(...[operation, ...rest]: Parameters<typeof service.call>): unknown {
      if (operation === 'DescribeAutoScalingGroups')
        for (const { name, looks } of service.state().groups)
          if (looks === 0) act(name);
          else if (looks !== undefined) change(name, (group) => ({ ...group, looks: looks - 1 }));
      return service.call(operation, ...rest);
    },
    settings,
    add: (group: FakeGroup): void => {
      service.state().groups = [...service.state().groups, group];
    },
    /** Launches an instance, for which a hook waits. */
    launch: (name: string, id: string, zone: string) =>
      changeInstances(name, (all) => [...all, { id, zone, state: 'Pending:Wait', healthy: true }]),
    /** What a node tells when its launch is done. */
    serve: (id: string): void => {
      for (const { name } of service.state().groups)
        changeInstances(name, (all) =>
          all.map((one) => (one.id === id ? { ...one, state: 'InService' } : one)),
        );
    },
    /** Gives a group sizes, which it is at by itself soon; without `desired`, that stays as far as it is between the others. */
    resize: (name: string, { min, max, desired }: Sizes): void =>
      change(name, (group) => ({
        ...group,
        min,
        max,
        desired: desired ?? Math.min(Math.max(group.desired, min), max),
        looks: settings.looks,
      })),
    act,
    /** Has a group be as its instances are, and do nothing by itself. */
    rest: (name: string): void => change(name, (group) => ({ ...group, looks: undefined })),
    /** Has its instances registered in target groups, and nowhere else. */
    register: (name: string, targetGroupArns: readonly string[]): void =>
      change(name, (group) => ({ ...group, targetGroupArns })),
    remove: (name: string): void => {
      const state = service.state();
      for (const { id } of state.groups.find((group) => group.name === name)?.instances ?? []) ended(id);
      state.groups = state.groups.filter((group) => group.name !== name);
    },
    end: (name: string, id: string) => changeInstances(name, (all) => all.filter((one) => one.id !== id)),
    instance: (id: string) =>
      service
        .state()
        .groups.flatMap(({ instances }) => instances)
        .find((one) => one.id === id),
  };
}
