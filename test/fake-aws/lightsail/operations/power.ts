import type {
  RebootInstanceRequest,
  StartInstanceRequest,
  StopInstanceRequest,
} from '@aws-sdk/client-lightsail';
import { mustBe } from '../instance.ts';
import { begin } from '../later.ts';
import { changes, type Operations, perform } from '../operation.ts';
import { find } from '../resources.ts';
import type { Settings } from '../settings.ts';

/** Starting, stopping and rebooting. An address that is not static goes with the stop, and another comes with the start. */
export const power = (settings: Settings): Operations => ({
  StartInstance: changes<StartInstanceRequest>((state, { instanceName }, context) => {
    const instance = find(state, 'Instance', instanceName, context);
    mustBe(instance, 'stopped');
    const deed = { type: 'StartInstance', name: instanceName, of: 'Instance', zone: instance.zone } as const;
    const operations = perform(state, context, settings, [deed], () => {
      if (instance.ipAddressType !== 'ipv6') instance.dynamicIp = settings.machines.address();
      instance.boots++;
      instance.state = 'pending';
      instance.next = { state: 'running', wait: begin(settings.waits.start, context) };
    });
    return { operations };
  }),

  StopInstance: changes<StopInstanceRequest>((state, { instanceName }, context) => {
    const instance = find(state, 'Instance', instanceName, context);
    mustBe(instance, 'running');
    const deed = { type: 'StopInstance', name: instanceName, of: 'Instance', zone: instance.zone } as const;
    const operations = perform(state, context, settings, [deed], () => {
      instance.dynamicIp = undefined;
      instance.state = 'stopping';
      instance.next = { state: 'stopped', wait: begin(settings.waits.stop, context) };
    });
    return { operations };
  }),

  /** It stays running, as far as its state tells. */
  RebootInstance: changes<RebootInstanceRequest>((state, { instanceName }, context) => {
    const instance = find(state, 'Instance', instanceName, context);
    mustBe(instance, 'running');
    const deed = { type: 'RebootInstance', name: instanceName, of: 'Instance', zone: instance.zone } as const;
    return { operations: perform(state, context, settings, [deed], () => void instance.boots++) };
  }),
});
