import { type Form, invalid, onlyFields } from '../protocols/form.ts';
import type { Operation } from '../service.ts';
import type { Activity, State } from './model.ts';

const STATES: Readonly<Record<string, string>> = { CONTINUE: 'InService', ABANDON: 'Terminating' };

/** Only while the hook waits for it. */
export const tellOfLaunch: Operation<State> = {
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
    if (word !== 'heartbeat') state.activities = state.activities.map((one) => ended(one, id!, word));
    return { operation, result: [] };
  },
};

/** As AWS tells it (unverified: whether one that a node gave up is `Cancelled` or `Failed`). */
function ended(activity: Activity, instance: string, word: string): Activity {
  if (activity.instance !== instance || activity.status !== 'InProgress') return activity;
  if (word === 'CONTINUE') return { ...activity, status: 'Successful' };
  const message =
    "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token 0f3c was abandoned: Lifecycle Action Completed with ABANDON Result";
  return { ...activity, status: 'Cancelled', message };
}
