/**
 * One thing to do, as data: it can be printed, saved, compared and replayed. What executes it knows the provider;
 * `resource` and `name` say what it is about, `payload` what the provider needs beside that.
 */
export interface Step<Kind extends string = string> {
  /** Which piece of work this is, in the provider's own words. */
  readonly kind: Kind;
  readonly action: 'create' | 'change' | 'delete' | 'replace';
  /** Kind of thing, such as `release` or `process`. */
  readonly resource: string;
  readonly name: string;
  /** Short remarks shown below the step, one line each. */
  readonly details: readonly string[];
  /** What users of the balancer would notice; left out where they notice nothing. */
  readonly traffic?: string;
}

/** Steps in the order in which they are to be taken. */
export interface Plan<Kind extends string = string> {
  readonly balancer: string;
  readonly provider: string;
  readonly steps: readonly Step<Kind>[];
}
