import type { OptionSpec } from './command.ts';

export const file: OptionSpec = {
  flags: '-f, --file <path>',
  summary: 'the balancer to work on (default: lb.yaml, or LBCTL_FILE)',
};
export const yes: OptionSpec = { flags: '-y, --yes', summary: 'answer yes to every question' };

export const message: OptionSpec = {
  flags: '-m, --message <text>',
  summary: 'why, for whoever reads the list',
};
export const watch: OptionSpec = {
  flags: '--watch <time>',
  summary: 'watch the release for so long before it stays (default: 5s)',
};
export const lockWait: OptionSpec = {
  flags: '--lock-wait <time>',
  summary: 'wait so long for somebody else who is at work (default: 0)',
};

/** How a release goes over several nodes. */
export const rollout: readonly OptionSpec[] = [
  { flags: '--batch <n>', summary: 'change so many nodes, or such a share as 10%, at a time (default: 1)' },
  { flags: '--max-errors <n>', summary: 'go on while no more nodes, or no larger share, fail (default: 0)' },
  { flags: '--pause <time>', summary: 'wait so long between batches (default: 0)' },
];
export const acceptFewer: OptionSpec = {
  flags: '--accept-fewer',
  summary: 'go on where discovery finds less than half of the servers that an upstream has',
};

/** What `generate` writes beside the configuration of NGINX. */
export const templates: readonly OptionSpec[] = [
  {
    flags: '--target <what>',
    summary: 'nginx, or cloudformation for a balancer on ec2 (default: nginx)',
    values: ['nginx', 'cloudformation'],
  },
  {
    flags: '--region <region>',
    summary: 'the Region that the template is for (default: all of lb.yaml)',
  },
];

export const drift: OptionSpec = {
  flags: '--drift',
  summary: 'tell what of the stacks on EC2 was changed by hand, which takes some time',
};
