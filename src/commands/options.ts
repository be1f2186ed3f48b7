import type { OptionSpec } from './command.ts';

export const file: OptionSpec = {
  flags: '-f, --file <path>',
  summary: 'the balancer to work on (default: lb.yaml, or LBCTL_FILE)',
};
export const yes: OptionSpec = { flags: '-y, --yes', summary: 'answer yes to every question' };
