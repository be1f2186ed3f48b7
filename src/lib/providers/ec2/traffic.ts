import type { Change } from '../../aws/cloudformation/model.ts';
import { cutsBetween } from '../../render/cloudformation/cuts.ts';

/** What clients notice where a resource is made anew or goes, by its type. */
const CUTS: Readonly<Record<string, string>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer':
    'clients come to another load balancer, whose name and addresses DNS has to follow: connections are cut',
  'AWS::ElasticLoadBalancingV2::Listener': 'connections to its port are refused while it is made anew',
  'AWS::ElasticLoadBalancingV2::TargetGroup':
    'nodes are registered anew: its listener has no healthy target until they are checked',
  'AWS::EC2::EIP': 'the address that clients know is given back, and another one takes its place',
  'AWS::EC2::VPC': 'everything in it is made anew, the load balancer and its addresses included',
  'AWS::EC2::Subnet': 'what stands in it is made anew',
  'AWS::AutoScaling::AutoScalingGroup': 'all nodes are ended once those of another group have come',
};

/** What goes for good cuts those that use it. */
const GONE: Readonly<Record<string, string>> = {
  'AWS::ElasticLoadBalancingV2::Listener': 'nobody listens any longer on its port',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'nobody answers any longer at its name and addresses',
  'AWS::EC2::EIP': 'an address that clients may know is given back',
};

/** A change with what it cuts, where that stands in the templates and not in the change set. */
export type NoticedChange = Change & { readonly cut?: string };

/** Changes with what is cut though nothing is made anew. */
export function withCuts(
  changes: readonly Change[],
  before: string | null,
  after: string,
): readonly NoticedChange[] {
  // one that was brought by hand may be YAML
  if (!before?.startsWith('{') || changes.length === 0) return changes;
  const cuts = cutsBetween(before, after);
  return changes.map((change) => {
    const cut = cuts[change.logicalId];
    return cut === undefined ? change : { ...change, cut };
  });
}

/** What users of the balancer would notice of a change; undefined where they notice nothing. */
export function trafficOf({
  action,
  replacement,
  type,
  details,
  cut: told,
}: NoticedChange): string | undefined {
  if (told !== undefined) return told;
  if (action === 'Remove') return GONE[type];
  if (action !== 'Modify') return undefined;
  const cut = CUTS[type];
  if (replacement === 'True') return cut;
  const isPossible = details.some(({ recreation }) => recreation !== 'Never');
  return replacement === 'Conditional' && isPossible && cut
    ? `where it has to be made anew: ${cut}`
    : undefined;
}
