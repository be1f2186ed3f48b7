import { HEALTH_PORTS } from '../../balancer/ec2.ts';
import type { Ec2 } from '../../balancer/schema/ec2.ts';
import type { Front } from './front.ts';
import { type Ground, named } from './network.ts';
import { attribute, ref, type Resource, resource, type Value } from './resource.ts';

/** The load balancer and what leads from it to the nodes. */
export interface Entrance {
  readonly resources: readonly Resource[];
  readonly balancer: Resource<'AWS::ElasticLoadBalancingV2::LoadBalancer'>;
  /** Group that nodes belong to, which the load balancer alone can connect to. */
  readonly nodeGroup: Resource<'AWS::EC2::SecurityGroup'>;
  readonly addresses: readonly Resource<'AWS::EC2::EIP'>[];
  /** Where nodes are registered. */
  readonly targets: readonly Resource<'AWS::ElasticLoadBalancingV2::TargetGroup'>[];
  readonly groups: readonly Group[];
}

/** A target group that gets connections. */
interface Group {
  readonly targets: Resource<'AWS::ElasticLoadBalancingV2::TargetGroup'>;
  readonly names: readonly string[];
}

/** What lb.yaml says of the entrance. */
export interface EntranceSettings {
  readonly name: string;
  readonly ec2: Ec2;
  readonly fronts: readonly Front[];
  readonly ground: Ground;
  /** Path of the health location. */
  readonly health: string;
}

export function entranceOf(settings: EntranceSettings): Entrance {
  const { name, ec2, fronts, ground } = settings;
  const guard = securityGroups(settings);
  const addresses = ec2.static_ips
    ? ground.front.map(({ zone }) =>
        resource(
          `Address${zone}`,
          'AWS::EC2::EIP',
          { Domain: 'vpc', Tags: named(`${name}-${zone.toLowerCase()}`) },
          { after: ground.gate },
        ),
      )
    : [];
  const balancer = resource(
    'LoadBalancer',
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    {
      Type: 'network',
      Scheme: 'internet-facing',
      IpAddressType: 'ipv4',
      SecurityGroups: [attribute(guard.front, 'GroupId')],
      SubnetMappings: ground.front.map(({ subnet }, index) => ({
        SubnetId: subnet,
        AllocationId: addresses[index] && attribute(addresses[index], 'AllocationId'),
      })),
      LoadBalancerAttributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: String(ec2.cross_zone) }],
      Tags: named(name),
    },
    {
      comment:
        'Its name is left to CloudFormation, as a fixed one would be in the way of another in its place.',
      after: ground.gate,
    },
  );
  const doors = fronts.map((front) => door(settings, balancer, front));
  return {
    resources: [...guard.resources, ...addresses, balancer, ...doors.flatMap(({ resources }) => resources)],
    balancer,
    nodeGroup: guard.nodes,
    addresses,
    targets: doors.flatMap(({ targets }) => targets),
    groups: doors.map(({ used, names }) => ({ targets: used, names })),
  };
}

/** "Fragmentation needed", without which large packets get lost on paths that take smaller ones (Path MTU Discovery). */
const TOO_LARGE = { IpProtocol: 'icmp', FromPort: 3, ToPort: 4 } as const;

/** A group for the load balancer, open at its ports, and one for nodes, open to the first alone. */
function securityGroups({ name, fronts, ground }: EntranceSettings) {
  const transports = (['tcp', 'udp'] as const).filter(
    (transport) => transport === 'tcp' || fronts.some(({ protocol }) => protocol.endsWith('UDP')),
  );
  const front = resource(
    'FrontGroup',
    'AWS::EC2::SecurityGroup',
    {
      GroupDescription: `Load balancer of ${name}: its listeners are open to everybody`,
      VpcId: ground.vpc,
      SecurityGroupIngress: [
        ...fronts.flatMap(({ port, protocol, names }) =>
          transportsOf(protocol).map((transport) => ({
            IpProtocol: transport,
            FromPort: port,
            ToPort: port,
            CidrIp: '0.0.0.0/0',
            Description: `Listener ${names.join(' and ')}`,
          })),
        ),
        { ...TOO_LARGE, CidrIp: '0.0.0.0/0', Description: 'Packets that are too large' },
      ],
      Tags: named(`${name}-front`),
    },
    { comment: 'A load balancer that is made without a group can never get one.' },
  );
  const nodes = resource('NodeGroup', 'AWS::EC2::SecurityGroup', {
    GroupDescription: `Nodes of ${name}: only the load balancer connects to them`,
    VpcId: ground.vpc,
    SecurityGroupEgress: [
      { IpProtocol: '-1', CidrIp: '0.0.0.0/0', Description: 'Servers, packages and AWS' },
    ],
    Tags: named(`${name}-nodes`),
  });
  const ways = [
    ...transports.map((transport) => ({
      suffix: transport === 'tcp' ? 'Tcp' : 'Udp',
      which: { IpProtocol: transport, FromPort: 0, ToPort: 65_535 },
      about: 'Connections and health checks',
    })),
    { suffix: 'Icmp', which: TOO_LARGE, about: 'Packets that are too large' },
  ];
  const rules = ways.flatMap(({ suffix, which, about }) => {
    return [
      resource(`FrontToNodes${suffix}`, 'AWS::EC2::SecurityGroupEgress', {
        GroupId: attribute(front, 'GroupId'),
        DestinationSecurityGroupId: attribute(nodes, 'GroupId'),
        ...which,
        Description: about,
      }),
      resource(`NodesFromFront${suffix}`, 'AWS::EC2::SecurityGroupIngress', {
        GroupId: attribute(nodes, 'GroupId'),
        SourceSecurityGroupId: attribute(front, 'GroupId'),
        ...which,
        Description: about,
      }),
    ];
  });
  return { front, nodes, resources: [front, nodes, ...rules] };
}

function transportsOf(protocol: Front['protocol']): readonly ('tcp' | 'udp')[] {
  if (protocol === 'TCP_UDP') return ['tcp', 'udp'];
  return protocol === 'UDP' ? ['udp'] : ['tcp'];
}

/** A listener and its target groups. Logical IDs go by the port: another name in lb.yaml changes nothing. */
function door(settings: EntranceSettings, balancer: Entrance['balancer'], front: Front) {
  const { port, protocol, tls, proxy, names } = front;
  const plain = targetGroup(settings, `Targets${port}`, {
    port,
    protocol: protocol === 'TLS' ? 'TCP' : protocol,
    proxied: false,
  });
  const proxied =
    proxy &&
    targetGroup(settings, `ProxyTargets${port}`, { port: proxy.port, protocol: 'TCP', proxied: true });
  const [first, ...others] = (tls?.certificates ?? []).map((CertificateArn) => ({ CertificateArn }));
  const listener = resource(
    `Listener${port}`,
    'AWS::ElasticLoadBalancingV2::Listener',
    {
      LoadBalancerArn: ref(balancer),
      Port: port,
      Protocol: protocol,
      ...(tls && first
        ? {
            Certificates: [first],
            SslPolicy: tls.policy,
            AlpnPolicy: tls.alpn === 'None' ? undefined : [tls.alpn],
          }
        : {}),
      DefaultActions: [
        proxied
          ? {
              Type: 'forward',
              ForwardConfig: {
                TargetGroups: [
                  { TargetGroupArn: ref(plain), Weight: proxy.used ? 0 : 1 },
                  { TargetGroupArn: ref(proxied), Weight: proxy.used ? 1 : 0 },
                ],
              },
            }
          : { Type: 'forward', TargetGroupArn: ref(plain) },
      ],
    },
    { comment: `Listener ${names.join(' and ')} of lb.yaml.` },
  );
  const more =
    others.length === 0
      ? []
      : [
          resource(`Certificates${port}`, 'AWS::ElasticLoadBalancingV2::ListenerCertificate', {
            ListenerArn: ref(listener),
            Certificates: others,
          }),
        ];
  const targets = proxied ? [plain, proxied] : [plain];
  return {
    resources: [...targets, listener, ...more],
    targets,
    used: proxied && proxy.used ? proxied : plain,
    names,
  };
}

function targetGroup(
  { ec2, ground, health }: EntranceSettings,
  id: string,
  { port, protocol, proxied }: { port: number; protocol: string; proxied: boolean },
) {
  const attributes: Readonly<Record<string, string>> = {
    'deregistration_delay.timeout_seconds': String(ec2.deregistration_delay),
    // what is still open after that would hang until it times out
    'deregistration_delay.connection_termination.enabled': 'true',
    // with the PROXY protocol the address comes by it; datagrams always keep theirs
    'preserve_client_ip.enabled': String(!proxied),
    ...(protocol === 'TCP' ? { 'proxy_protocol_v2.enabled': String(proxied) } : {}),
  };
  return resource(
    id,
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    {
      VpcId: ground.vpc,
      TargetType: 'instance',
      Protocol: protocol,
      Port: port,
      HealthCheckEnabled: true,
      HealthCheckProtocol: 'HTTP',
      HealthCheckPort: String(HEALTH_PORTS[proxied ? 1 : 0]),
      HealthCheckPath: health,
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 6,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: '200' },
      TargetGroupAttributes: Object.entries(attributes).map(([Key, value]): Value => ({ Key, Value: value })),
    },
    {
      comment: proxied ? 'Nodes expect the PROXY protocol here, health checks included.' : undefined,
    },
  );
}
