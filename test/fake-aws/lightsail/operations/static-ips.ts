import type {
  AllocateStaticIpRequest,
  AttachStaticIpRequest,
  DetachStaticIpRequest,
  GetStaticIpRequest,
  GetStaticIpsRequest,
  RegionName,
  ReleaseStaticIpRequest,
  StaticIp as Shape,
} from '@aws-sdk/client-lightsail';
import { mustBe, staticIpOf } from '../instance.ts';
import { changes, type Deed, type Operations, perform, reads } from '../operation.ts';
import { invalid } from '../refusal.ts';
import { all, find, makeResource, page, remove } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { StaticIp } from '../state.ts';

export const staticIps = (settings: Settings): Operations => ({
  AllocateStaticIp: changes<AllocateStaticIpRequest>((state, { staticIpName: name }, context) => {
    // which exception it is, is unverified
    if (all(state, 'StaticIp', context).length >= settings.quotas.staticIps)
      throw invalid(
        `Sorry, you have reached the maximum number of static IPs for your account: ${settings.quotas.staticIps}`,
      );
    const resource = makeResource(state, 'StaticIp', name, [], context);
    const deed = { type: 'AllocateStaticIp', name, of: 'StaticIp' } as const;
    const operations = perform(state, context, settings, [deed], () =>
      state.staticIps.push({
        ...resource,
        ipAddress: settings.machines.address(),
        attachedTo: undefined,
      }),
    );
    return { operations };
  }),

  AttachStaticIp: changes<AttachStaticIpRequest>((state, input, context) => {
    const { staticIpName, instanceName } = input;
    const ip = find(state, 'StaticIp', staticIpName, context);
    const instance = find(state, 'Instance', instanceName, context);
    // what it says of one that is attached already is unverified, even to the same instance
    if (ip.attachedTo !== undefined)
      throw invalid(`The static IP ${staticIpName} is attached to ${ip.attachedTo}`);
    if (staticIpOf(state, instance) !== undefined)
      throw invalid(`The instance ${instanceName} has a static IP already`);
    if (instance.ipAddressType === 'ipv6') throw invalid(`The instance ${instanceName} has no IPv4 address`);
    mustBe(instance, 'running');
    const deeds = both('AttachStaticIp', staticIpName, instanceName, instance.zone);
    const operations = perform(state, context, settings, deeds, () => void (ip.attachedTo = instanceName));
    return { operations };
  }),

  DetachStaticIp: changes<DetachStaticIpRequest>((state, { staticIpName }, context) => {
    const ip = find(state, 'StaticIp', staticIpName, context);
    const { attachedTo } = ip;
    if (attachedTo === undefined)
      throw invalid(`The static IP ${staticIpName} is not attached to an instance`);
    const instance = find(state, 'Instance', attachedTo, context);
    const deeds = both('DetachStaticIp', staticIpName, attachedTo, instance.zone);
    const operations = perform(state, context, settings, deeds, () => {
      ip.attachedTo = undefined;
      instance.dynamicIp = instance.state === 'running' ? settings.machines.address() : undefined;
    });
    return { operations };
  }),

  /** That one which is attached cannot be released is how the console has it; of the API it is unverified. */
  ReleaseStaticIp: changes<ReleaseStaticIpRequest>((state, { staticIpName: name }, context) => {
    const ip = find(state, 'StaticIp', name, context);
    if (ip.attachedTo !== undefined)
      throw invalid(`The static IP ${name} is attached to ${ip.attachedTo}; detach it first`);
    const deed = { type: 'ReleaseStaticIp', name, of: 'StaticIp' } as const;
    return { operations: perform(state, context, settings, [deed], () => remove(state, ip)) };
  }),

  GetStaticIp: reads<GetStaticIpRequest>((state, { staticIpName }, context) => ({
    staticIp: show(find(state, 'StaticIp', staticIpName, context)),
  })),

  GetStaticIps: reads<GetStaticIpsRequest>((state, { pageToken }, context) => {
    const { items, ...next } = page(all(state, 'StaticIp', context), pageToken, settings.pageSize);
    return { staticIps: items.map(show), ...next };
  }),
});

/** There is an operation for each side. */
function both(
  type: 'AttachStaticIp' | 'DetachStaticIp',
  staticIp: string,
  instance: string,
  zone: string,
): Deed[] {
  return [
    { type, name: staticIp, of: 'StaticIp', details: instance },
    { type, name: instance, of: 'Instance', details: staticIp, zone },
  ];
}

function show({ name, arn, createdAt, region, ipAddress, attachedTo }: StaticIp): Shape {
  return {
    name,
    arn,
    supportCode: `6EXAMPLE3362/${ipAddress}`,
    createdAt,
    location: { availabilityZone: 'all', regionName: region as RegionName },
    resourceType: 'StaticIp',
    ipAddress,
    ...(attachedTo === undefined ? {} : { attachedTo }),
    isAttached: attachedTo !== undefined,
  };
}
