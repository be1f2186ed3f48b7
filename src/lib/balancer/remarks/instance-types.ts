import { nearest } from '../../nearest.ts';
import type { Fault } from '../fault.ts';
import type { Balancer } from '../schema/balancer.ts';

/** Sizes of instances of EC2, by their words; larger ones have a number in front, as 2xlarge and metal-24xl. */
const SIZES = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge', 'metal'];

/** Instance types whose size nobody has heard of here. */
export function instanceTypeRemarks({ ec2 }: Balancer): Fault[] {
  return (ec2?.instance_types ?? []).flatMap((type, index): Fault[] => {
    const [family = '', size = ''] = type.split('.');
    if (/^(?:\d{1,3}xlarge|metal-\d+xl)$/u.test(size) || SIZES.includes(size)) return [];
    const meant = nearest(size, SIZES);
    return [
      {
        path: ['ec2', 'instance_types', index],
        message: `no instance type is known here whose size is ${size}`,
        hint:
          meant === undefined
            ? `the sizes are ${SIZES.slice(0, -1).join(', ')}, 2xlarge and on`
            : `did you mean ${family}.${meant}?`,
      },
    ];
  });
}
