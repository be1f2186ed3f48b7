import type {
  CreateInstancesRequest,
  DeleteInstanceRequest,
  GetInstanceRequest,
  GetInstancesRequest,
  GetInstanceStateRequest,
} from '@aws-sdk/client-lightsail';
import { createInstance } from '../create-instance.ts';
import { look, showInstance, showState } from '../instance.ts';
import { changes, type Operations, perform, reads } from '../operation.ts';
import { invalid } from '../refusal.ts';
import { all, find, page, remove } from '../resources.ts';
import type { Settings } from '../settings.ts';

export const instances = (settings: Settings): Operations => ({
  CreateInstances: changes<CreateInstancesRequest>((state, input, context) => {
    const { instanceNames: names } = input;
    if (names.length === 0) throw invalid('At least one instance name is needed');
    if (new Set(names).size !== names.length) throw invalid('Instance names must be unique');
    const limit = settings.quotas.instances;
    if (all(state, 'Instance', context).length + names.length > limit) {
      throw invalid(
        `Sorry, you've reached your maximum limit of Lightsail Instances : ${limit}. If you're new to Lightsail, please try again later. If the issue persists, please contact Customer Support.`,
      );
    }
    const made = names.map((name) => createInstance(state, name, input, settings, context));
    const deeds = made.map(({ name, zone }) => {
      return { type: 'CreateInstance', name, of: 'Instance', zone, wait: settings.waits.operation } as const;
    });
    const operations = perform(state, context, settings, deeds, () => state.instances.push(...made));
    return { operations };
  }),

  GetInstance: reads<GetInstanceRequest>((state, { instanceName }, context) => {
    const instance = find(state, 'Instance', instanceName, context);
    look(instance, settings, context);
    return { instance: showInstance(state, instance) };
  }),

  GetInstances: reads<GetInstancesRequest>((state, { pageToken }, context) => {
    const { items, ...next } = page(all(state, 'Instance', context), pageToken, settings.pageSize);
    for (const instance of items) look(instance, settings, context);
    return { instances: items.map((instance) => showInstance(state, instance)), ...next };
  }),

  GetInstanceState: reads<GetInstanceStateRequest>((state, { instanceName }, context) => {
    const instance = find(state, 'Instance', instanceName, context);
    look(instance, settings, context);
    return { state: showState(instance) };
  }),

  /**
   * A static IP stays, without an instance, and is paid for. Add-ons keep the instance unless they may go with it; what
   * the service says then is unverified, and so is that an instance may be deleted in whatever state it is.
   */
  DeleteInstance: changes<DeleteInstanceRequest>((state, { instanceName, forceDeleteAddOns }, context) => {
    const instance = find(state, 'Instance', instanceName, context);
    if (instance.addOns.length > 0 && !forceDeleteAddOns)
      throw invalid(`The instance ${instanceName} has add-ons that are enabled; set forceDeleteAddOns`);
    const deed = { type: 'DeleteInstance', name: instanceName, of: 'Instance', zone: instance.zone } as const;
    const operations = perform(state, context, settings, [deed], () => {
      for (const ip of all(state, 'StaticIp', context))
        if (ip.attachedTo === instanceName) ip.attachedTo = undefined;
      remove(state, instance);
    });
    return { operations };
  }),
});
