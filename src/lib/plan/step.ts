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
  /** What it costs from then on, in USD a month; left out where it costs nothing. */
  readonly monthly?: number;
}

/** Steps in the order in which they are to be taken. */
export interface Plan<One extends Step = Step> {
  readonly balancer: string;
  readonly provider: string;
  readonly steps: readonly One[];
  /** Those that come once all machines serve the release; none when left out. */
  readonly after?: readonly One[];
  /** What else is to be known, a line each. */
  readonly notes?: readonly string[];
}
