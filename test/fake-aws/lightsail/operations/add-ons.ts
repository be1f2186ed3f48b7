import type {
  DisableAddOnRequest,
  EnableAddOnRequest,
  GetAutoSnapshotsRequest,
} from '@aws-sdk/client-lightsail';
import { showAddOn } from '../add-on.ts';
import { changes, type Operations, perform, reads } from '../operation.ts';
import { invalid } from '../refusal.ts';
import { find } from '../resources.ts';
import type { Settings } from '../settings.ts';

/** Automatic snapshots of instances. */
export const addOns = (settings: Settings): Operations => ({
  EnableAddOn: changes<EnableAddOnRequest>((state, { resourceName: name, addOnRequest }, context) => {
    const instance = find(state, 'Instance', name, context);
    const addOn = showAddOn(addOnRequest);
    const deeds = [
      { type: 'EnableAddOn', name, of: 'Instance', zone: instance.zone, details: addOn.name! },
    ] as const;
    const operations = perform(state, context, settings, deeds, () => {
      instance.addOns = [...instance.addOns.filter((other) => other.name !== addOn.name), addOn];
    });
    return { operations };
  }),
  DisableAddOn: changes<DisableAddOnRequest>((state, { resourceName: name, addOnType }, context) => {
    const instance = find(state, 'Instance', name, context);
    // unverified
    if (!instance.addOns.some((addOn) => addOn.name === addOnType))
      throw invalid(`The add-on ${addOnType} is not enabled for ${name}`);
    const deeds = [
      { type: 'DisableAddOn', name, of: 'Instance', zone: instance.zone, details: addOnType },
    ] as const;
    const operations = perform(state, context, settings, deeds, () => {
      instance.addOns = instance.addOns.filter((addOn) => addOn.name !== addOnType);
    });
    return { operations };
  }),
  GetAutoSnapshots: reads<GetAutoSnapshotsRequest>((state, { resourceName }, context) => ({
    resourceName,
    resourceType: 'Instance',
    autoSnapshots: find(state, 'Instance', resourceName, context).autoSnapshots,
  })),
});
