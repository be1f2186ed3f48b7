/** A resource of a template, as far as it is looked at here. */
interface Body {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A logical ID, and what clients notice of its change. */
type Cut = readonly [id: string, cut: string];

type Resources = Readonly<Record<string, Body>>;

/**
 * What cuts traffic between two templates though nothing is made anew, by the logical IDs of what does: what the load balancer does from the
 * first moment on, while nodes get the release that goes with it only afterwards.
 * @param before template that a stack has, as JSON, and `after` the one that it gets.
 */
export function cutsBetween(before: string, after: string): Readonly<Record<string, string>> {
  const [old, now] = [resourcesOf(before), resourcesOf(after)];
  return Object.fromEntries([...listenerCuts(old, now), ...addressCuts(old, now)]);
}

function resourcesOf(template: string): Resources {
  return (JSON.parse(template) as { readonly Resources: Resources }).Resources;
}

function listenerCuts(old: Resources, now: Resources): Cut[] {
  return Object.entries(now).flatMap(([id, { Type: type, Properties: after = {} }]): Cut[] => {
    const before = old[id]?.Properties;
    if (type !== 'AWS::ElasticLoadBalancingV2::Listener' || !before) return [];
    const unready = [...used(after)].some((group) => group.startsWith('ProxyTargets') && !old[group]);
    const cut = unready ? SUDDEN_PROXY : endOfTls(before['Protocol'], after['Protocol']);
    return cut === undefined ? [] : [[id, cut]];
  });
}

const SUDDEN_PROXY =
  'connections go by the PROXY protocol at once, and nodes do not listen for it before the release; set ec2.proxy_protocol: ready, lbctl up, and only then true';

function endOfTls(before: unknown, after: unknown): string | undefined {
  if (before === after || (before !== 'TLS' && after !== 'TLS')) return undefined;
  return after === 'TLS'
    ? 'TLS ends at the load balancer at once, and nodes expect it until the release has come; add another port with acm, move clients there, then take this one out'
    : 'TLS goes on to the nodes at once, and they expect plain connections until the release has come; add another port with files, move clients there, then take this one out';
}

/** Target groups that get connections, by logical IDs. */
function used({ DefaultActions: actions }: Readonly<Record<string, unknown>>): Set<string> {
  const groups = (actions as readonly Action[]).flatMap(({ TargetGroupArn: one, ForwardConfig: several }) =>
    one
      ? [one.Ref]
      : (several?.TargetGroups ?? [])
          .filter(({ Weight }) => Weight > 0)
          .map((group) => group.TargetGroupArn.Ref),
  );
  return new Set(groups);
}

interface Action {
  readonly TargetGroupArn?: { readonly Ref: string };
  readonly ForwardConfig?: {
    readonly TargetGroups: readonly {
      readonly TargetGroupArn: { readonly Ref: string };
      readonly Weight: number;
    }[];
  };
}

/** A load balancer has its addresses from the beginning: in a zone that it is in, they cannot become others. */
function addressCuts(old: Resources, now: Resources): Cut[] {
  const mappings = ({ LoadBalancer: body }: Resources) =>
    (body?.Properties?.['SubnetMappings'] ?? []) as readonly { readonly AllocationId?: unknown }[];
  const [first] = mappings(old);
  const [next] = mappings(now);
  if (!first || !next || Boolean(first.AllocationId) === Boolean(next.AllocationId)) return [];
  return [
    [
      'LoadBalancer',
      'it cannot get other addresses in a zone that it is in already: a change of ec2.static_ips takes another balancer, under another name, and a change of DNS',
    ],
  ];
}
