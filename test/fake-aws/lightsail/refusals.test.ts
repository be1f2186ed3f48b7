import { LightsailServiceException } from '@aws-sdk/client-lightsail';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, SHOP, startAccount, startInstance } from './account.ts';

let account: Account;

/** One account for all, since none of them changes anything: two instances, one of them with the static IP. */
beforeAll(async () => {
  account = await startAccount();
  const { call } = account;
  await startInstance(account);
  await startInstance(account, { instanceNames: ['shop-2'], blueprintId: 'nginx' });
  await startInstance(account, {
    instanceNames: ['shop-6'],
    bundleId: 'nano_ipv6_3_0',
    ipAddressType: 'ipv6',
  });
  await call('AllocateStaticIp', { staticIpName: 'used' });
  await call('AttachStaticIp', { staticIpName: 'used', instanceName: 'shop-1' });
  await call('AllocateStaticIp', { staticIpName: 'free' });
  await call('CreateDomain', { domainName: 'example.com' }, 'us-east-1');
});

const NEXT = { ...SHOP, instanceNames: ['next'] };
const manyTags = Array.from({ length: 51 }, (_, index) => ({ key: `key-${index}`, value: 'x' }));
const [instanceName, resourceName] = ['shop-1', 'shop-1'];
const port = { fromPort: 443, toPort: 443, protocol: 'tcp' };
const entry = (more: object): object => ({
  domainName: 'example.com',
  domainEntry: { name: 'www.example.com', type: 'A', target: '203.0.113.1', ...more },
});

/** Operation, input, part of the message. */
const INVALID: readonly [string, object, string][] = [
  ['CreateInstances', {}, "4 validation errors detected: Value null at 'instanceNames'"],
  [
    'CreateInstances',
    { ...NEXT, bundleId: null },
    "Value null at 'bundleId' failed to satisfy constraint: Member must not be null",
  ],
  ['CreateInstances', { ...NEXT, instanceNames: 'next' }, "Value at 'instanceNames' must be a list"],
  ['CreateInstances', { ...NEXT, instanceNames: [] }, 'At least one instance name'],
  [
    'CreateInstances',
    { ...NEXT, instanceNames: ['a a'] },
    'a a is not a valid resource name. Resource names must be at least 2 characters long',
  ],
  ['CreateInstances', { ...NEXT, instanceNames: ['a'] }, 'a is not a valid resource name'],
  ['CreateInstances', { ...NEXT, instanceNames: ['-next'] }, '-next is not a valid resource name'],
  ['CreateInstances', { ...NEXT, instanceNames: ['next', 'next'] }, 'must be unique'],
  ['CreateInstances', { ...NEXT, instanceNames: ['shop-1'] }, 'Some names are already in use: shop-1'],
  ['CreateInstances', { ...NEXT, instanceNames: ['free'] }, 'Some names are already in use: free'],
  ['CreateInstances', { ...NEXT, zone: 'eu-west-1a' }, "Unknown member 'zone'"],
  ['CreateInstances', { ...NEXT, userData: 1 }, "Value at 'userData' must be a string"],
  ['CreateInstances', { ...NEXT, userData: 'x'.repeat(16_385) }, 'User data is limited to 16384 bytes'],
  [
    'CreateInstances',
    { ...NEXT, ipAddressType: 'ipv5' },
    "'ipv5' failed to satisfy constraint: Member must satisfy enum value set: [dualstack, ipv4, ipv6]",
  ],
  ['CreateInstances', { ...NEXT, ipAddressType: 'ipv6' }, 'does not support the IP address type ipv6'],
  [
    'CreateInstances',
    { ...NEXT, bundleId: 'nano_ipv6_3_0' },
    'does not support the IP address type dualstack',
  ],
  [
    'CreateInstances',
    { ...NEXT, availabilityZone: 'us-east-1a' },
    'us-east-1a is not available in the Region eu-west-1',
  ],
  ['CreateInstances', { ...NEXT, blueprintId: 'debian_10' }, 'debian_10 is not active'],
  ['CreateInstances', { ...NEXT, blueprintId: ' ' }, 'regular expression pattern'],
  ['CreateInstances', { ...NEXT, blueprintId: 'windows_server_2022' }, 'does not support the blueprint'],
  ['CreateInstances', { ...NEXT, tags: [{ key: 'a', name: 'b' }] }, "Unknown member 'tags.1.member.name'"],
  ['CreateInstances', { ...NEXT, tags: manyTags }, 'maximum number of tags is 50'],
  ['CreateInstances', { ...NEXT, tags: [{ key: 'aws:a', value: '' }] }, 'tag key is invalid: aws:a'],
  ['CreateInstances', { ...NEXT, tags: [{ key: 'a', value: 'x,y' }] }, 'tag value is invalid'],
  [
    'CreateInstances',
    { ...NEXT, addOns: [{ addOnType: 'Backup' }] },
    'enum value set: [AutoSnapshot, StopInstanceOnIdle]',
  ],
  [
    'EnableAddOn',
    {
      resourceName,
      addOnRequest: { addOnType: 'AutoSnapshot', autoSnapshotAddOnRequest: { snapshotTimeOfDay: '6:30' } },
    },
    'regular expression pattern',
  ],
  ['DisableAddOn', { resourceName, addOnType: 'AutoSnapshot' }, 'not enabled'],
  ['TagResource', { resourceName, tags: manyTags }, 'maximum number of tags is 50'],
  ['TagResource', { resourceName: 'free', tags: [] }, 'StaticIp cannot be tagged'],
  ['AllocateStaticIp', { staticIpName: 'used' }, 'Some names are already in use: used'],
  ['AllocateStaticIp', { staticIpName: 'shop-1' }, 'Some names are already in use: shop-1'],
  ['AttachStaticIp', { staticIpName: 'free', instanceName }, 'has a static IP already'],
  ['AttachStaticIp', { staticIpName: 'used', instanceName: 'shop-2' }, 'is attached to shop-1'],
  ['AttachStaticIp', { staticIpName: 'free', instanceName: 'shop-6' }, 'has no IPv4 address'],
  ['DetachStaticIp', { staticIpName: 'free' }, 'is not attached'],
  ['ReleaseStaticIp', { staticIpName: 'used' }, 'detach it first'],
  [
    'PutInstancePublicPorts',
    { instanceName, portInfos: [{ ...port, protocol: 'http' }] },
    'enum value set: [all, icmp, icmpv6, tcp, udp]',
  ],
  [
    'PutInstancePublicPorts',
    { instanceName, portInfos: [{ protocol: 'tcp', fromPort: 80 }] },
    'a first port and a last one',
  ],
  [
    'PutInstancePublicPorts',
    { instanceName, portInfos: [{ ...port, toPort: 70_000 }] },
    'The port 70000 is invalid',
  ],
  ['PutInstancePublicPorts', { instanceName, portInfos: [{ ...port, toPort: 80 }] }, 'not a range'],
  [
    'PutInstancePublicPorts',
    { instanceName, portInfos: [{ ...port, cidrs: ['10.0.0.0/33'] }] },
    'The CIDR 10.0.0.0/33 is invalid',
  ],
  [
    'PutInstancePublicPorts',
    { instanceName, portInfos: [{ ...port, cidrs: ['::/0'] }] },
    'The CIDR ::/0 is invalid',
  ],
  [
    'PutInstancePublicPorts',
    { instanceName, portInfos: [{ ...port, cidrs: [], ipv6Cidrs: [] }] },
    'that may connect',
  ],
  [
    'PutInstancePublicPorts',
    { instanceName, portInfos: [{ ...port, cidrListAliases: ['home'] }] },
    'alias home',
  ],
  ['PutInstancePublicPorts', { instanceName, portInfos: [port, port] }, 'is there twice'],
  ['GetInstanceAccessDetails', { instanceName, protocol: 'telnet' }, 'enum value set: [rdp, ssh]'],
  ['GetInstanceAccessDetails', { instanceName, protocol: 'rdp' }, 'not reached by rdp'],
  ['GetInstanceState', { instanceName: [] }, "Value at 'instanceName' must be a string"],
  [
    'GetInstanceMetricData',
    {
      instanceName,
      metricName: 'Load',
      period: 60,
      startTime: 0,
      endTime: 60,
      unit: 'Count',
      statistics: ['Sum'],
    },
    "'Load' failed",
  ],
  [
    'GetInstanceMetricData',
    {
      instanceName,
      metricName: 'NetworkIn',
      period: 90,
      startTime: 0,
      endTime: 60,
      unit: 'Bytes',
      statistics: ['Sum'],
    },
    'multiple of 60',
  ],
  [
    'GetInstanceMetricData',
    {
      instanceName,
      metricName: 'NetworkIn',
      period: 60,
      startTime: '2026-01-01',
      endTime: 60,
      unit: 'Bytes',
      statistics: ['Sum'],
    },
    "Value at 'startTime' must be a number",
  ],
];

/** The same, where domains are. */
const INVALID_DOMAINS: readonly [string, object, string][] = [
  ['CreateDomain', { domainName: 'example' }, 'domain name is invalid'],
  ['CreateDomain', { domainName: 'example.com' }, 'Some names are already in use'],
  ['CreateDomainEntry', entry({ target: 'other.example' }), 'not a target for a record of type A'],
  ['CreateDomainEntry', entry({ type: 'TXT', target: 'bare' }), 'not a target for a record of type TXT'],
  ['CreateDomainEntry', entry({ type: 'HTTPS' }), 'cannot be HTTPS'],
  ['CreateDomainEntry', entry({ name: 'www.example.org' }), 'not in the domain example.com'],
];

const MISSING: readonly [string, object][] = [
  ['GetInstance', { instanceName: 'next' }],
  ['DeleteInstance', { instanceName: 'free' }],
  ['GetStaticIp', { staticIpName: 'shop-1' }],
  ['AttachStaticIp', { staticIpName: 'free', instanceName: 'next' }],
  ['CreateInstances', { ...NEXT, blueprintId: 'debian_99' }],
  ['CreateInstances', { ...NEXT, bundleId: 'nano_3_1' }],
  ['CreateInstances', { ...NEXT, keyPairName: 'mine' }],
  ['GetOperation', { operationId: 'none' }],
  ['GetOperationsForResource', { resourceName: 'next' }],
  ['UntagResource', { resourceName: 'next', tagKeys: ['a'] }],
  ['DeleteInstanceSnapshot', { instanceSnapshotName: 'none' }],
];

describe('what Lightsail refuses', () => {
  it.each(INVALID)('%s %j', async (operation, input, message) => {
    expect(await refusal(operation, input)).toStrictEqual(invalid(message));
  });

  it.each(INVALID_DOMAINS)('%s %j', async (operation, input, message) => {
    expect(await refusal(operation, input, 'us-east-1')).toStrictEqual(invalid(message));
  });

  it.each(MISSING)('%s %j of what is not there', async (operation, input) => {
    expect(await refusal(operation, input)).toMatchObject({
      name: 'NotFoundException',
      status: 404,
      message: expect.stringContaining('does not exist'),
      changed: false,
    });
  });

  it('a static IP for an instance that does not run yet', async () => {
    const { call } = await startAccount().then(async (other) => {
      await other.call('CreateInstances', NEXT);
      await other.call('AllocateStaticIp', { staticIpName: 'ip' });
      return other;
    });
    const name = 'OperationFailureException';
    await expect(call('AttachStaticIp', { staticIpName: 'ip', instanceName: 'next' })).rejects.toMatchObject({
      name,
    });
    await expect(call('GetInstanceAccessDetails', { instanceName: 'next' })).rejects.toMatchObject({ name });
  });

  it('more than an account may have, in each region', async () => {
    const { call, lightsail } = await startAccount();
    for (let number = 1; number <= 5; number++)
      await call('AllocateStaticIp', { staticIpName: `ip-${number}` });
    await expect(call('AllocateStaticIp', { staticIpName: 'ip-6' })).rejects.toThrow(
      'maximum number of static IPs',
    );
    await call('AllocateStaticIp', { staticIpName: 'ip-6' }, 'us-east-1');
    lightsail.settings.quotas.instances = 2;
    await expect(call('CreateInstances', { ...SHOP, instanceNames: ['a1', 'a2', 'a3'] })).rejects.toThrow(
      "you've reached your maximum limit of Lightsail Instances : 2",
    );
    expect(lightsail.inventory().instances).toStrictEqual([]);
  });

  it('a blueprint that has gone', async () => {
    const { call, lightsail } = await startAccount();
    const { blueprints } = lightsail.state();
    lightsail.state().blueprints = blueprints.filter(({ blueprintId }) => blueprintId !== SHOP.blueprintId);
    await expect(call('CreateInstances', SHOP)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

const invalid = (message: string): object => ({
  name: 'InvalidInputException',
  status: 400,
  message: expect.stringContaining(message),
  changed: false,
});

async function refusal(operation: string, input: object, region = 'eu-west-1'): Promise<object> {
  const before = account.aws.digest();
  const error: unknown = await account.call(operation, input, region).catch((error: unknown) => error);
  if (!(error instanceof LightsailServiceException)) throw new Error(`not refused: ${JSON.stringify(error)}`);
  const { name, message, $metadata } = error;
  return { name, message, status: $metadata.httpStatusCode, changed: account.aws.digest() !== before };
}
