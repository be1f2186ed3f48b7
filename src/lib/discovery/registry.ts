import type { Discover } from '../balancer/schema/balancer.ts';
import type { DiscoverySource } from './source.ts';

/** A key of `discover` that says where servers are found. */
export type SourceName = Exclude<keyof Discover, 'port'>;

type Sources = {
  readonly [Name in SourceName]: () => Promise<DiscoverySource<NonNullable<Discover[Name]>>>;
};

/** Every source, loaded when an upstream asks it. */
export const sources: Sources = {
  lightsail: async () => (await import('./lightsail.ts')).lightsail,
  autoscaling_group: async () => (await import('./autoscaling-group.ts')).autoscalingGroup,
};
