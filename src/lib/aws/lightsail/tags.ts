/** Tag of the instances that run a balancer; its value is the balancer's name. */
export const BALANCER_TAG = 'lbctl:balancer';

/** Tag of an instance behind a balancer whose ports were closed to the world; its value tells what was open before. */
export function closedTag(balancer: string): string {
  return `lbctl:closed:${balancer}`;
}
