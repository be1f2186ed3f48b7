import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AwsError } from '../errors.ts';
import { SHOP } from './account.ts';
import { fakeLightsail } from './lightsail.ts';

/** Members that operations know. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  AllocateStaticIp: ['staticIpName'],
  AttachStaticIp: ['staticIpName', 'instanceName'],
  CloseInstancePublicPorts: ['instanceName', 'portInfo'],
  CreateDomain: ['domainName', 'tags'],
  CreateDomainEntry: ['domainName', 'domainEntry'],
  CreateInstanceSnapshot: ['instanceSnapshotName', 'instanceName', 'tags'],
  CreateInstances: ['instanceNames', 'availabilityZone', 'blueprintId', 'bundleId', 'tags'],
  DeleteDomainEntry: ['domainName', 'domainEntry'],
  DeleteInstance: ['instanceName'],
  DeleteInstanceSnapshot: ['instanceSnapshotName'],
  DetachStaticIp: ['staticIpName'],
  DisableAddOn: ['resourceName', 'addOnType'],
  EnableAddOn: ['resourceName', 'addOnRequest'],
  GetAutoSnapshots: ['resourceName'],
  GetBlueprints: ['pageToken'],
  GetDomains: ['pageToken'],
  GetInstance: ['instanceName'],
  GetInstanceMetricData: [
    'instanceName',
    'metricName',
    'period',
    'startTime',
    'endTime',
    'unit',
    'statistics',
  ],
  GetInstancePortStates: ['instanceName'],
  GetInstances: ['pageToken'],
  GetOperation: ['operationId'],
  GetOperationsForResource: ['resourceName'],
  OpenInstancePublicPorts: ['instanceName', 'portInfo'],
  PutInstancePublicPorts: ['instanceName', 'portInfos'],
  RebootInstance: ['instanceName'],
  ReleaseStaticIp: ['staticIpName'],
  StartInstance: ['instanceName'],
  StopInstance: ['instanceName'],
  TagResource: ['resourceName', 'tags'],
  UntagResource: ['resourceName', 'tagKeys'],
  UpdateDomainEntry: ['domainName', 'domainEntry'],
};

/** Values that are right at some places, by the member that they are right at. */
const RIGHT: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  instanceName: fc.constantFrom('shop-1', 'shop-2', 'none'),
  instanceNames: fc.constantFrom(['shop-1'], ['shop-2', 'shop-3'], []),
  staticIpName: fc.constantFrom('ip-1', 'ip-2', 'shop-1'),
  resourceName: fc.constantFrom('shop-1', 'ip-1', 'example.com'),
  instanceSnapshotName: fc.constantFrom('snap-1', 'shop-1'),
  availabilityZone: fc.constantFrom('us-east-1a', 'eu-west-1a'),
  blueprintId: fc.constantFrom('debian_12', 'nginx', 'debian_10'),
  bundleId: fc.constantFrom('nano_3_0', 'nano_ipv6_3_0'),
  domainName: fc.constantFrom('example.com', 'example'),
  domainEntry: fc.constantFrom({ name: 'example.com', type: 'A', target: '203.0.113.1' }, {}),
  tags: fc.constantFrom([], [{ key: 'a', value: 'b' }], [{}]),
  tagKeys: fc.constantFrom([], ['a']),
  portInfo: fc.constantFrom({ fromPort: 80, toPort: 80, protocol: 'tcp' }, { protocol: 'all' }, {}),
  portInfos: fc.constantFrom([], [{ fromPort: 80, toPort: 80, protocol: 'tcp' }], [{ protocol: 'icmp' }]),
  addOnType: fc.constantFrom('AutoSnapshot', 'StopInstanceOnIdle'),
  addOnRequest: fc.constantFrom({ addOnType: 'AutoSnapshot' }, {}),
  metricName: fc.constant('NetworkIn'),
  period: fc.constantFrom(60, 61, -1),
  startTime: fc.constantFrom(0, 1e9),
  endTime: fc.constantFrom(600, 1e9),
  unit: fc.constantFrom('Bytes', 'Count'),
  statistics: fc.constantFrom([], ['Sum']),
  pageToken: fc.constant('x'),
  operationId: fc.constant('x'),
};

const wrong = fc.oneof(
  fc.integer(),
  fc.string({ maxLength: 5 }),
  fc.boolean(),
  fc.constantFrom(null, [], [1], {}),
);

const call = fc.constantFrom(...Object.entries(MEMBERS)).chain(([operation, members]) => {
  const values = members.map((name) => [name, fc.oneof({ weight: 15, arbitrary: RIGHT[name]! }, wrong)]);
  return fc.tuple(fc.constant(operation), fc.record(Object.fromEntries(values) as typeof RIGHT));
});

it('does what it is asked or refuses it whole, whatever it is asked', () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(call, { minLength: 10, maxLength: 30 }), (calls) => {
      const lightsail = fakeLightsail({ waits: { start: 0, stop: 0 } });
      const context = { region: 'us-east-1', account: '1', requestId: 'r', now: new Date() };
      lightsail.call('CreateInstances', { ...SHOP, availabilityZone: 'us-east-1a' }, context);
      lightsail.call('GetInstances', {}, context);
      lightsail.call('AllocateStaticIp', { staticIpName: 'ip-1' }, context);
      for (const [operation, input] of calls) {
        const before = JSON.stringify(lightsail.inventory());
        let outcome = 'done';
        try {
          lightsail.call(operation, input, context);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          outcome = error.code;
          expect(JSON.stringify(lightsail.inventory())).toBe(before);
        }
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }),
    { numRuns: 100 },
  );
  // all kinds of answers came, so that none was left out
  expect([...outcomes.keys()].toSorted()).toStrictEqual([
    'InvalidInputException',
    'NotFoundException',
    'OperationFailureException',
    'done',
  ]);
  expect(outcomes.get('done')).toBeGreaterThan(100);
});
