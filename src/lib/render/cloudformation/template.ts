import { ec2Of } from '../../balancer/ec2.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { userData } from '../bootstrap/user-data.ts';
import { frontsOf } from './front.ts';
import { type Entrance, entranceOf } from './load-balancer.ts';
import { groundOf } from './network.ts';
import { NODES, nodesOf } from './nodes.ts';
import { attribute, ref, type Resource, resource, type Value } from './resource.ts';
import { roleOf } from './role.ts';
import { storageOf } from './storage.ts';

/** A template of CloudFormation. */
export interface Template {
  readonly description: string;
  readonly resources: readonly Resource[];
  readonly outputs: readonly Output[];
}

interface Output {
  readonly name: string;
  readonly description: string;
  readonly value: Value;
}

/** What alarms watch, by logical IDs. */
interface Watched {
  readonly balancer: string;
  readonly nodes: string;
  /** Target groups that get connections, by the name that people know them by. */
  readonly groups: Readonly<Record<string, string>>;
}

/** What a template depends on beside lb.yaml. */
interface Surroundings {
  /** Where it is for: certificates of other Regions are left out; those of all are in where it is not known. */
  readonly region?: string | undefined;
  /** Makes the alarms of the balancer, by logical IDs: render does not know what CloudWatch measures. */
  readonly alarms?: (watched: Watched) => Readonly<Record<string, AlarmResource>>;
}

/** An alarm as a resource. */
interface AlarmResource {
  readonly Type: 'AWS::CloudWatch::Alarm' | 'AWS::CloudWatch::CompositeAlarm';
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The stack of a balancer on EC2; the same input gives the same template. */
export function templateOf(balancer: Balancer, { region, alarms }: Surroundings = {}): Template {
  const { name, health } = balancer;
  const ec2 = ec2Of(balancer);
  const ground = groundOf(name, ec2);
  const storage = storageOf(ec2);
  const role = roleOf(storage.bucket, storage.log);
  const fronts = frontsOf(balancer, region);
  const entrance = entranceOf({ name, ec2, fronts, ground, health: health.path });
  const nodes = nodesOf({ name, ec2, ground, entrance, role, userData: userData(balancer) });
  return {
    description: `NGINX load balancer ${name}, written by lbctl from lb.yaml`,
    resources: [
      ...storage.resources,
      ...ground.resources,
      ...entrance.resources,
      ...role.resources,
      ...nodes,
      ...alarmed(alarms, entrance),
    ],
    outputs: [
      output('Releases', 'Bucket of the releases', ref(storage.bucket)),
      output('Nodes', 'Auto Scaling group of the nodes', { Ref: NODES }),
      output('LoadBalancerArn', 'Network Load Balancer', ref(entrance.balancer)),
      output('DnsName', 'Where clients reach it', attribute(entrance.balancer, 'DNSName')),
      ...(entrance.addresses.length === 0
        ? []
        : [
            output('Addresses', 'Its Elastic IPs', {
              'Fn::Join': [',', entrance.addresses.map((address) => attribute(address, 'PublicIp'))],
            }),
          ]),
    ],
  };
}

function alarmed(alarms: Surroundings['alarms'], { balancer, groups }: Entrance): Resource[] {
  const made = alarms?.({ balancer: balancer.id, nodes: NODES, groups: labelled(groups) }) ?? {};
  return Object.entries(made).map(([id, { Type, DependsOn, Properties }]) =>
    resource(id, Type, Properties as Resource['properties'], {
      attributes: DependsOn ? { DependsOn } : {},
    }),
  );
}

/** Names of listeners for alarms; where letters and digits alone do not tell them apart, the port does. */
function labelled(groups: Entrance['groups']): Record<string, string> {
  const plain = (names: readonly string[]) =>
    names
      .join('')
      .replaceAll(/[^a-z\d]/giu, '')
      .toLowerCase();
  return Object.fromEntries(
    groups.map(({ names, targets }) => {
      const alike = groups.filter((other) => plain(other.names) === plain(names)).length > 1;
      return [alike ? `${names.join('-')}-${targets.id}` : names.join('-'), targets.id];
    }),
  );
}

function output(name: string, description: string, value: Value): Output {
  return { name, description, value };
}
