import type { Partition } from '../../aws/partition.ts';

/** What lbctl itself asks of CloudFormation. */
const STACK = [
  'ContinueUpdateRollback',
  'CreateChangeSet',
  'DeleteChangeSet',
  'DeleteStack',
  'DescribeChangeSet',
  'DescribeStackEvents',
  'DescribeStackResourceDrifts',
  'DescribeStacks',
  'DetectStackDrift',
  'DetectStackResourceDrift',
  'ExecuteChangeSet',
  'GetTemplate',
  'ListStackResources',
  // of a change set that gives the stack tags
  'TagResource',
  'UntagResource',
  'UpdateTerminationProtection',
];
/** The same for `status --drift`, where IAM knows no single stack. */
const DRIFT = [
  'cloudformation:BatchDescribeTypeConfigurations',
  'cloudformation:DescribeStackDriftDetectionStatus',
];
const BUCKET = [
  'DeleteObject',
  'DeleteObjectVersion',
  'GetObject',
  'ListBucket',
  'ListBucketVersions',
  'PutObject',
];
const FLEET = [
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeScalingActivities',
  'elasticloadbalancing:DescribeTargetHealth',
  'ssm:GetCommandInvocation',
  'ssm:ListCommandInvocations',
  'ssm:SendCommand',
];
/** Services whose resources the stack has; CloudFormation works with what the caller may. */
const SERVICES = ['autoscaling', 'cloudwatch', 'ec2', 'elasticloadbalancing', 'iam', 'logs', 's3'];

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: object;
}

/**
 * The least that lbctl must be allowed for a balancer: its own calls, and all others through CloudFormation alone.
 * @param more what its servers are found by.
 */
export function policyFor(
  stack: string,
  { name: partition }: Partition,
  more: readonly string[] = [],
): { readonly Statement: readonly Statement[] } {
  return {
    Statement: [
      {
        Sid: 'LbctlStack',
        Effect: 'Allow',
        Action: STACK.map((action) => `cloudformation:${action}`),
        Resource: `arn:${partition}:cloudformation:*:*:stack/${stack}/*`,
      },
      { Sid: 'LbctlDrift', Effect: 'Allow', Action: DRIFT, Resource: '*' },
      {
        Sid: 'LbctlReleases',
        Effect: 'Allow',
        Action: BUCKET.map((action) => `s3:${action}`),
        Resource: `arn:${partition}:s3:::${stack}-*`,
      },
      {
        Sid: 'LbctlNodes',
        Effect: 'Allow',
        Action: [...new Set([...FLEET, ...more])].toSorted(),
        Resource: '*',
      },
      {
        Sid: 'LbctlThroughCloudFormation',
        Effect: 'Allow',
        Action: [...SERVICES.map((service) => `${service}:*`), 'ssm:GetParameters'],
        Resource: '*',
        Condition: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['cloudformation.amazonaws.com'] } },
      },
    ],
  };
}
