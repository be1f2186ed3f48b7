import { attribute, ref, type Resource, resource, sub, type Value } from './resource.ts';

/** What nodes may do in AWS. */
export interface Role {
  readonly resources: readonly Resource[];
  readonly profile: Resource<'AWS::IAM::InstanceProfile'>;
}

/**
 * Actions of the agent of Systems Manager by which sessions and commands come. None of them can be narrowed to a
 * resource: the Service Authorization Reference lists no resource type for those of `ssmmessages` and `ec2messages`, and
 * the agent calls `ssm:UpdateInstanceInformation` before the instance is one that Systems Manager knows.
 */
export const AGENT_ACTIONS = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
  'ec2messages:AcknowledgeMessage',
  'ec2messages:DeleteMessage',
  'ec2messages:FailMessage',
  'ec2messages:GetEndpoint',
  'ec2messages:GetMessages',
  'ec2messages:SendReply',
] as const;

/** The role of the nodes: it reads releases, speaks with Auto Scaling of its own group, and takes commands. */
export function roleOf(bucket: Resource<'AWS::S3::Bucket'>, log: Resource<'AWS::Logs::LogGroup'>): Role {
  const objects = ['current', 'releases/*', 'scripts/*'].map((key) => sub(`\${${bucket.id}.Arn}/${key}`));
  const role = resource(
    'NodeRole',
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: policy([
        {
          Effect: 'Allow',
          Principal: { Service: sub('ec2.${AWS::URLSuffix}') },
          Action: 'sts:AssumeRole',
        },
      ]),
      Policies: [
        {
          PolicyName: 'node',
          PolicyDocument: policy([
            { Sid: 'ReadReleases', Effect: 'Allow', Action: 's3:GetObject', Resource: objects },
            {
              // without it, what is not there yet looks like what is forbidden
              Sid: 'TellWhatIsMissing',
              Effect: 'Allow',
              Action: 's3:ListBucket',
              Resource: attribute(bucket, 'Arn'),
            },
            {
              // its group has its name from CloudFormation, and an ID that nobody can know before it is made
              Sid: 'TellAutoScaling',
              Effect: 'Allow',
              Action: ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'],
              Resource: sub(
                'arn:${AWS::Partition}:autoscaling:${AWS::Region}:${AWS::AccountId}:autoScalingGroup:*:autoScalingGroupName/${AWS::StackName}-Nodes-*',
              ),
            },
            {
              Sid: 'WriteLog',
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              // the ARN of a log group ends in :*, which stands for its streams
              Resource: attribute(log, 'Arn'),
            },
            { Sid: 'TakeCommands', Effect: 'Allow', Action: [...AGENT_ACTIONS], Resource: '*' },
          ]),
        },
      ],
    },
    { comment: 'What nodes may do; the actions of TakeCommands know no resources but *.' },
  );
  const profile = resource('NodeProfile', 'AWS::IAM::InstanceProfile', { Roles: [ref(role)] });
  return { resources: [role, profile], profile };
}

/** A document of IAM. */
export function policy(statements: readonly Value[]): Value {
  return { Version: '2012-10-17', Statement: statements };
}
