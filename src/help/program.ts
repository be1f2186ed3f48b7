import type { CommandSpec } from '../commands/command.ts';

/** What lbctl is for, in a line. */
export const about = 'NGINX load balancers on AWS from one file: generate, check, run and change them safely';

/** Examples of the whole. */
export const examples: CommandSpec['examples'] = [
  ['lbctl lint /etc/nginx/nginx.conf', 'find what is wrong in a configuration'],
  ['lbctl lint lb.yaml', 'check a balancer before it runs anywhere'],
  ['lbctl plan', 'show what would be done'],
  ['lbctl up', 'do it: start the balancer, or change it'],
  ['lbctl help lb.yaml', 'what can stand in the file'],
];
