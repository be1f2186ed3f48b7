import type { Json } from './model.ts';

interface Kind {
  /** Properties that it cannot be without. */
  readonly required: readonly string[];
  /** Properties with which it is made anew (from "Update requires: Replacement" in its reference). */
  readonly replaces: readonly string[];
  id(name: string, number: string, region: string): string;
}

const ACCOUNT = '111122223333';
const plain = (prefix: string) => (_: string, number: string) => `${prefix}-0${number.padStart(16, '0')}`;
const named = (name: string, number: string) => `${name}-${number}`;
const arn = (service: string, what: string) => (name: string, number: string, region: string) =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${what}/${name.slice(0, 24)}-${number}/${number.padStart(16, '0')}`;
const kind = (required: string, replaces: string, id: Kind['id']): Kind => ({
  required: required.split(' ').filter(Boolean),
  replaces: replaces.split(' ').filter(Boolean),
  id,
});

/** Types that it knows; what a template must not lack, and what makes a resource anew. */
export const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::AutoScaling::AutoScalingGroup': kind('MinSize MaxSize', 'AutoScalingGroupName', named),
  'AWS::AutoScaling::LifecycleHook': kind(
    'AutoScalingGroupName LifecycleTransition',
    'AutoScalingGroupName LifecycleHookName',
    named,
  ),
  'AWS::AutoScaling::ScalingPolicy': kind(
    'AutoScalingGroupName',
    'AutoScalingGroupName',
    (name, number, region) =>
      `arn:aws:autoscaling:${region}:${ACCOUNT}:scalingPolicy:${number}:policyName/${name}`,
  ),
  'AWS::CloudWatch::Alarm': kind('ComparisonOperator EvaluationPeriods', 'AlarmName', named),
  'AWS::CloudWatch::CompositeAlarm': kind('AlarmRule', 'AlarmName', named),
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': kind('Certificates ListenerArn', 'ListenerArn', named),
  'AWS::EC2::EIP': kind('', 'Domain', (_, number) => `203.0.113.${Number(number) % 250}`),
  'AWS::EC2::InternetGateway': kind('', '', plain('igw')),
  'AWS::EC2::LaunchTemplate': kind('LaunchTemplateData', 'LaunchTemplateName', plain('lt')),
  'AWS::EC2::NatGateway': kind('SubnetId', 'SubnetId AllocationId ConnectivityType', plain('nat')),
  'AWS::EC2::Route': kind('RouteTableId', 'RouteTableId DestinationCidrBlock', named),
  'AWS::EC2::RouteTable': kind('VpcId', 'VpcId', plain('rtb')),
  'AWS::EC2::SecurityGroup': kind('GroupDescription', 'GroupDescription GroupName VpcId', plain('sg')),
  'AWS::EC2::SecurityGroupEgress': kind('IpProtocol', 'IpProtocol FromPort ToPort CidrIp GroupId', named),
  'AWS::EC2::SecurityGroupIngress': kind('IpProtocol', 'IpProtocol FromPort ToPort CidrIp GroupId', named),
  'AWS::EC2::Subnet': kind('VpcId', 'VpcId CidrBlock AvailabilityZone', plain('subnet')),
  'AWS::EC2::SubnetRouteTableAssociation': kind('RouteTableId SubnetId', 'SubnetId', plain('rtbassoc')),
  'AWS::EC2::VPC': kind('', 'CidrBlock InstanceTenancy', plain('vpc')),
  'AWS::EC2::VPCEndpoint': kind('VpcId', 'VpcId ServiceName VpcEndpointType', plain('vpce')),
  'AWS::EC2::VPCGatewayAttachment': kind('VpcId', '', named),
  'AWS::ElasticLoadBalancingV2::Listener': kind(
    'DefaultActions LoadBalancerArn',
    'LoadBalancerArn',
    arn('elasticloadbalancing', 'listener/net'),
  ),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': kind(
    '',
    'Name Scheme Type',
    arn('elasticloadbalancing', 'loadbalancer/net'),
  ),
  'AWS::ElasticLoadBalancingV2::TargetGroup': kind(
    '',
    'Name Port Protocol VpcId TargetType ProtocolVersion',
    arn('elasticloadbalancing', 'targetgroup'),
  ),
  'AWS::IAM::InstanceProfile': kind('Roles', 'InstanceProfileName Path', named),
  'AWS::IAM::Policy': kind('PolicyDocument PolicyName', '', named),
  'AWS::IAM::Role': kind('AssumeRolePolicyDocument', 'RoleName Path', named),
  'AWS::Logs::LogGroup': kind('', 'LogGroupName', named),
  'AWS::S3::Bucket': kind('', 'BucketName', (name, number) => `${name.toLowerCase()}-${number}`),
  'AWS::S3::BucketPolicy': kind('Bucket PolicyDocument', 'Bucket', named),
};

/** What `Fn::GetAtt` answers. */
export function attributeOf(
  physicalId: string,
  attribute: string,
  region: string,
  properties: Json,
): Json | undefined {
  const known: Readonly<Record<string, Json>> = {
    Arn: physicalId.startsWith('arn:') ? physicalId : `arn:aws:any:${region}:${ACCOUNT}:${physicalId}`,
    AllocationId: `eipalloc-0${physicalId.replaceAll('.', '')}`,
    PublicIp: physicalId,
    DNSName: `${physicalId.split('/').at(-2)}.elb.${region}.amazonaws.com`,
    LoadBalancerFullName: physicalId.split(':loadbalancer/').at(-1)!,
    LoadBalancerName: physicalId.split('/').at(-2) ?? physicalId,
    TargetGroupFullName: physicalId.split(':').at(-1)!,
    CanonicalHostedZoneID: 'Z2IFOLAFXWLO4F',
    LatestVersionNumber: String(1 + JSON.stringify(properties).length),
    DefaultVersionNumber: '1',
    GroupId: physicalId,
    VpcId: physicalId,
    SubnetId: physicalId,
    LaunchTemplateId: physicalId,
    InternetGatewayId: physicalId,
    DomainName: `${physicalId}.s3.amazonaws.com`,
    RegionalDomainName: `${physicalId}.s3.${region}.amazonaws.com`,
    DefaultSecurityGroup: `sg-of-${physicalId}`,
  };
  return known[attribute];
}
