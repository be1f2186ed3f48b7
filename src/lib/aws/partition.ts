/** A part of AWS with accounts of its own, and what stands for it in ARNs and in the names of endpoints. */
export interface Partition {
  readonly name: string;
  readonly suffix: string;
}

/** @param region the Regions of all others are those of `aws`. */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return { name: 'aws-cn', suffix: 'amazonaws.com.cn' };
  return { name: region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws', suffix: 'amazonaws.com' };
}
