import type { Plan, Step } from '../../plan/step.ts';
import type { PortRule } from '../../aws/lightsail/port-rules.ts';

/** What a step is about: steps of one lane come one after the other, lanes go on side by side. */
interface Lane {
  readonly region: string;
  readonly machine: string;
}

/** A step with all that it takes to do it. */
export type LightsailStep = Lane &
  (
    | (Step<'make'> & { readonly zone: string; readonly bundle: string })
    | Step<'start'>
    | (Step<'address'> & {
        readonly address: string;
        readonly isThere: boolean;
        readonly from: string | null;
      })
    | (Step<'ports'> & { readonly ports: readonly PortRule[] })
    | (Step<'tags'> & { readonly tags: Readonly<Record<string, string>> })
    | (Step<'snapshots'> & { readonly hour: string | null })
    | Step<'boot'>
    | (Step<'release-address'> & { readonly address: string })
    | Step<'delete'>
  );

export type LightsailPlan = Plan<LightsailStep>;
