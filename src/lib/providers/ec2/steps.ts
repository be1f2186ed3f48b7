import type { Step } from '../../plan/step.ts';

/** Steps of a Region: those of kind `resource` tell what comes of the one of kind `stack`, which is what is done. */
export type Ec2Step = { readonly region: string } & (Step<'resource'> | Step<'stack'> | Step<'protection'>);
