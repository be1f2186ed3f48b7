/** Where clients reach a load balancer of AWS. */
export interface ReachedAt {
  readonly region: string;
  /** Elastic IPs; none where it has addresses that may change. */
  readonly addresses: readonly string[];
  readonly name: string;
}

/** The same in words: `203.0.113.1, 203.0.113.2 (shop-1f3a.elb.eu-west-1.amazonaws.com)`. */
export function reachedWords({ addresses, name }: ReachedAt): string {
  return addresses.length === 0 ? name : `${addresses.join(', ')} (${name})`;
}
