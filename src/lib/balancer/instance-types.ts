import { nearest } from '../nearest.ts';
import { ec2Of } from './ec2.ts';
import type { Balancer } from './schema/balancer.ts';

/** Sizes below medium, which burstable instances alone have (t2 and newer); those have none above 2xlarge. */
const SMALL = ['nano', 'micro', 'small'];
const OF_BURSTABLE = [...SMALL, 'medium', 'large', 'xlarge', '2xlarge'];
/** Others have been `metal` with and without a size, or a multiple of xlarge. */
const OF_OTHERS = [
  'medium',
  'large',
  'xlarge',
  '2xlarge',
  '4xlarge',
  '8xlarge',
  '12xlarge',
  '16xlarge',
  'metal',
];
const LARGE = /^(?:\d+xlarge|metal(?:-\d+xl)?)$/u;

/**
 * Instance types of a size that no family like theirs has had so far, which CloudFormation would tell minutes later. AWS
 * brings new families all the time, so that those are not judged, and nothing is refused.
 */
export function typeRemarks(balancer: Pick<Balancer, 'ec2'>): string[] {
  return ec2Of(balancer).instance_types.flatMap((type) => {
    const [family = '', size = ''] = type.split('.');
    const isBurstable = /^t\d/u.test(family);
    const sizes = isBurstable ? OF_BURSTABLE : OF_OTHERS;
    if (sizes.includes(size) || (!isBurstable && LARGE.test(size))) return [];
    // nearest to what is too small or too large is the end
    const close = SMALL.includes(size) ? 'medium' : LARGE.test(size) ? '2xlarge' : nearest(size, sizes);
    const meant = close === undefined ? `sizes are ${sizes.join(', ')};` : `did you mean ${family}.${close}?`;
    return [
      `there may be no instance type ${type}: ${meant} aws ec2 describe-instance-types --instance-types ${type} tells`,
    ];
  });
}
