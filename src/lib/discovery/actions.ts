import type { Balancer } from '../balancer/schema/balancer.ts';
import type { SourceName } from './registry.ts';

/** What IAM must allow for a source to be asked. */
const ACTIONS: Readonly<Record<SourceName, readonly string[]>> = {
  lightsail: ['lightsail:GetInstances'],
  autoscaling_group: ['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeInstances'],
};

/** What IAM must allow, so that the servers of a balancer are found; nothing where all are named. */
export function findActions({ upstreams }: Balancer): readonly string[] {
  const asked = Object.values(upstreams).flatMap(({ discover = {} }) => Object.keys(discover));
  return [...new Set(asked.flatMap((name) => ACTIONS[name as SourceName] ?? []))];
}
