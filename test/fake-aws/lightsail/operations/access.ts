import type { GetInstanceAccessDetailsRequest, HostKeyAttributes } from '@aws-sdk/client-lightsail';
import { createHash } from 'node:crypto';
import { userOf } from '../catalog.ts';
import { mustBe, publicAddress } from '../instance.ts';
import { ask, begin, type Later } from '../later.ts';
import { type Operations, reads } from '../operation.ts';
import { invalid } from '../refusal.ts';
import { find } from '../resources.ts';
import type { Settings } from '../settings.ts';

/** Keys for a while, and the keys that the machine has shown at its console: after some time, and none until then. */
export const access = (settings: Settings): Operations => {
  const seen = new Map<string, Later>();
  return {
    GetInstanceAccessDetails: reads<GetInstanceAccessDetailsRequest>(
      (state, { instanceName, protocol = 'ssh' }, context) => {
        const instance = find(state, 'Instance', instanceName, context);
        mustBe(instance, 'running');
        if (protocol !== 'ssh') throw invalid(`The instance ${instanceName} is not reached by ${protocol}`);
        const asked = ask(seen.get(instance.arn) ?? begin(settings.waits.hostKeys, context), context);
        seen.set(instance.arn, asked.wait);
        const { hostKeys, username, ...keys } = settings.machines.access(instance);
        const address = publicAddress(state, instance);
        return {
          accessDetails: {
            ...keys,
            ...(address === undefined ? {} : { ipAddress: address }),
            ipv6Addresses: instance.ipv6Address === undefined ? [] : [instance.ipv6Address],
            protocol,
            instanceName,
            username: username ?? userOf(instance.blueprintId),
            hostKeys: asked.done ? hostKeys.map((line) => showKey(line, instance.createdAt)) : [],
          },
        };
      },
    ),
  };
};

/** Fingerprints are as ssh prints them; whether the service puts their kind in front is unverified. */
function showKey(line: string, witnessedAt: Date): HostKeyAttributes {
  const [algorithm = '', publicKey = ''] = line.split(' ');
  const bytes = Buffer.from(publicKey, 'base64');
  const digest = (hash: string): string =>
    createHash(hash).update(bytes).digest('base64').replace(/=+$/u, '');
  return {
    algorithm,
    publicKey,
    witnessedAt,
    fingerprintSHA1: `SHA1:${digest('sha1')}`,
    fingerprintSHA256: `SHA256:${digest('sha256')}`,
  };
}
