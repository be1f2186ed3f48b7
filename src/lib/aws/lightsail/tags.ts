/** Tag of the instances that run a balancer; its value is the balancer's name. */
export const BALANCER_TAG = 'lbctl:balancer';
