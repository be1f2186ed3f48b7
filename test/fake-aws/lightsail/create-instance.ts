import type { CreateInstancesRequest } from '@aws-sdk/client-lightsail';
import type { Context } from '../service.ts';
import { showAddOn } from './add-on.ts';
import { bundlesOf, portsOf, zonesOf } from './catalog.ts';
import type { Checked } from './model.ts';
import { begin } from './later.ts';
import { asPort } from './port.ts';
import { invalid, notFound } from './refusal.ts';
import { makeResource } from './resources.ts';
import type { Settings } from './settings.ts';
import type { Instance, State } from './state.ts';

/** Bytes that user data may have. */
const USER_DATA = 16_384;

export function createInstance(
  state: State,
  name: string,
  input: Checked<CreateInstancesRequest>,
  { machines, waits }: Settings,
  context: Context,
): Instance {
  const { availabilityZone: zone, ipAddressType = 'dualstack', userData = '', keyPairName = '' } = input;
  if (!zonesOf(context.region).includes(zone))
    throw invalid(`The Availability Zone ${zone} is not available in the Region ${context.region}`);
  if (Buffer.byteLength(userData) > USER_DATA) throw invalid(`User data is limited to ${USER_DATA} bytes`);
  if (keyPairName !== '' && !hasKeyPair(state, keyPairName, context))
    throw notFound(`The KeyPair does not exist: ${keyPairName}`);
  const blueprint = state.blueprints.find(({ blueprintId }) => blueprintId === input.blueprintId);
  if (blueprint === undefined) throw notFound(`The Blueprint does not exist: ${input.blueprintId}`);
  if (!blueprint.isActive) throw invalid(`The blueprint ${input.blueprintId} is not active`);
  const bundle = bundlesOf(context.region).find(({ bundleId }) => bundleId === input.bundleId);
  if (bundle === undefined) throw notFound(`The Bundle does not exist: ${input.bundleId}`);
  if (!bundle.supportedPlatforms!.includes(blueprint.platform!))
    throw invalid(`The bundle ${input.bundleId} does not support the blueprint ${input.blueprintId}`);
  if ((ipAddressType === 'ipv6') !== (bundle.publicIpv4AddressCount === 0))
    throw invalid(`The bundle ${input.bundleId} does not support the IP address type ${ipAddressType}`);
  const resource = makeResource(state, 'Instance', name, input.tags ?? [], context);
  const number = state.made;
  return {
    ...resource,
    zone,
    blueprintId: input.blueprintId,
    bundleId: input.bundleId,
    ipAddressType,
    userData,
    keyPairName,
    privateIpAddress: `172.26.${number >> 8}.${number & 255}`,
    dynamicIp: ipAddressType === 'ipv6' ? undefined : machines.address(),
    ipv6Address: ipAddressType === 'ipv4' ? undefined : `2001:db8::${number.toString(16)}`,
    boots: 1,
    state: 'pending',
    next: { state: 'running', wait: begin(waits.start, context) },
    ports: portsOf(blueprint).map(asPort),
    addOns: (input.addOns ?? []).map(showAddOn),
    autoSnapshots: [],
  };
}

function hasKeyPair({ others }: State, name: string, { region }: Context): boolean {
  return others.some((other) => other.type === 'KeyPair' && other.region === region && other.name === name);
}
