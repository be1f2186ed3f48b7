import {
  AddOnType,
  AppCategory,
  InstanceAccessProtocol,
  InstanceMetricName,
  IpAddressType,
  MetricStatistic,
  MetricUnit,
  NetworkProtocol,
} from '@aws-sdk/client-lightsail';

/** What the service says of a value that breaks a rule; undefined where it keeps them. */
export type Constraint = (value: string) => string | undefined;

/** The model's pattern is narrower; the service takes dots, too, and says this. */
const resourceName: Constraint = (value) =>
  /^\w[\w.-]{0,253}\w$/u.test(value)
    ? undefined
    : `${value} is not a valid resource name. Resource names must be at least 2 characters long and contain only alphanumerics, -, _, and .`;

const matches =
  (pattern: RegExp): Constraint =>
  (value) =>
    pattern.test(value)
      ? undefined
      : `Value '${value}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`;

const oneOf =
  (values: Readonly<Record<string, string>>): Constraint =>
  (value) =>
    Object.values(values).includes(value)
      ? undefined
      : `Value '${value}' failed to satisfy constraint: Member must satisfy enum value set: [${Object.values(values).join(', ')}]`;

const filled = matches(/\S/u);

/** By member, or by structure and member where members of that name differ. */
export const CONSTRAINTS: Readonly<Record<string, Constraint>> = {
  instanceName: resourceName,
  instanceNames: resourceName,
  staticIpName: resourceName,
  instanceSnapshotName: resourceName,
  resourceName,
  keyPairName: resourceName,
  customImageName: resourceName,
  blueprintId: filled,
  bundleId: filled,
  operationId: filled,
  snapshotTimeOfDay: matches(/^(0\d|1\d|2[0-3]):00$/u),
  resourceArn: matches(/^arn:(aws[^:]*):([a-zA-Z0-9-]+):([a-z0-9-]+):(\d+):([a-zA-Z]+)\/([a-zA-Z0-9-]+)$/u),
  ipAddressType: oneOf(IpAddressType),
  addOnType: oneOf(AddOnType),
  appCategory: oneOf(AppCategory),
  metricName: oneOf(InstanceMetricName),
  unit: oneOf(MetricUnit),
  statistics: oneOf(MetricStatistic),
  'PortInfo.protocol': oneOf(NetworkProtocol),
  'GetInstanceAccessDetailsRequest.protocol': oneOf(InstanceAccessProtocol),
};
