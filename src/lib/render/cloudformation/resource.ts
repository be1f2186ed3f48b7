/** A value in a template: what CloudFormation reads as JSON; what is undefined is left out. */
export type Value =
  | string
  | number
  | boolean
  | undefined
  | readonly Value[]
  | { readonly [key: string]: Value };

/** What `Fn::GetAtt` can ask of the resources that are made here. */
interface Attributes {
  'AWS::AutoScaling::AutoScalingGroup': never;
  'AWS::AutoScaling::ScalingPolicy': never;
  'AWS::CloudWatch::Alarm': 'Arn';
  'AWS::CloudWatch::CompositeAlarm': 'Arn';
  'AWS::EC2::EIP': 'AllocationId' | 'PublicIp';
  'AWS::EC2::InternetGateway': never;
  'AWS::EC2::LaunchTemplate': 'LatestVersionNumber';
  'AWS::EC2::NatGateway': never;
  'AWS::EC2::Route': never;
  'AWS::EC2::RouteTable': never;
  'AWS::EC2::SecurityGroup': 'GroupId';
  'AWS::EC2::SecurityGroupEgress': never;
  'AWS::EC2::SecurityGroupIngress': never;
  'AWS::EC2::Subnet': never;
  'AWS::EC2::SubnetRouteTableAssociation': never;
  'AWS::EC2::VPC': 'CidrBlock';
  'AWS::EC2::VPCEndpoint': never;
  'AWS::EC2::VPCGatewayAttachment': never;
  'AWS::ElasticLoadBalancingV2::Listener': never;
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': never;
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'DNSName' | 'LoadBalancerFullName';
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'TargetGroupFullName';
  'AWS::IAM::InstanceProfile': 'Arn';
  'AWS::IAM::Role': 'Arn';
  'AWS::Logs::LogGroup': 'Arn';
  'AWS::S3::Bucket': 'Arn';
  'AWS::S3::BucketPolicy': never;
}

export type ResourceType = keyof Attributes;

/** A resource, and the only way to refer to it: what is not made cannot be named. */
export interface Resource<Type extends ResourceType = ResourceType> {
  readonly id: string;
  readonly type: Type;
  /** Why it is there and is as it is, for who reads the template. */
  readonly comment?: string | undefined;
  readonly properties: { readonly [key: string]: Value };
  /** What it waits for, beside what it refers to. */
  readonly after: readonly Resource[];
  /** Other attributes, such as UpdatePolicy. */
  readonly attributes: { readonly [key: string]: Value };
}

/** A resource of a type with its logical ID. */
export function resource<Type extends ResourceType>(
  id: string,
  type: Type,
  properties: Resource['properties'],
  more: Partial<Pick<Resource, 'comment' | 'after' | 'attributes'>> = {},
): Resource<Type> {
  return {
    id,
    type,
    comment: more.comment,
    properties,
    after: more.after ?? [],
    attributes: more.attributes ?? {},
  };
}

/** What CloudFormation knows a resource by: its ID, its name or its ARN, as its type has it. */
export function ref({ id }: Resource): Value {
  return { Ref: id };
}

export function attribute<Type extends ResourceType>({ id }: Resource<Type>, name: Attributes[Type]): Value {
  return { 'Fn::GetAtt': [id, name] };
}

/** Text with `${AWS::Region}` and the like, or with `${ID}` and `${ID.Attribute}` of resources. */
export function sub(text: string): Value {
  return { 'Fn::Sub': text };
}
