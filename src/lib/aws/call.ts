/** A call of AWS, as people are told of it. */
export interface Call {
  /** Completes `cannot …`: `create the instance shop-1`. */
  readonly doing: string;
  /** What IAM must allow for it: `lightsail:CreateInstances`. */
  readonly action: string;
  /** Where it was made. */
  readonly region?: string | undefined;
}
