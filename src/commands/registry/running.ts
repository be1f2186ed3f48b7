import type { CommandSpec, OptionSpec } from '../command.ts';
import { acceptFewer, drift, file, lockWait, message, rollout, watch, yes } from '../options.ts';

// the balancer itself: what is to be done, doing it, what is there

const noDns: OptionSpec = { flags: '--no-dns', summary: 'leave the records of dns: as they are' };

export const plan: CommandSpec = {
  name: 'plan',
  summary: 'show what `lbctl up` would do',
  examples: [
    ['lbctl plan', 'list the steps without taking any'],
    ['lbctl plan --check', 'exit 1 when something would change, for pipelines'],
  ],
  options: [file, { flags: '--check', summary: 'exit 1 when there is something to do' }, noDns],
  load: () => import('../plan.ts'),
};

export const up: CommandSpec = {
  name: 'up',
  summary: 'bring the balancer to what lb.yaml says',
  examples: [
    ['lbctl up', 'start the balancer, or move it to the new configuration'],
    ['lbctl up --yes', 'the same in a script'],
    ['lbctl up --watch 0', 'the same without watching what comes of it'],
    ['lbctl up --iam-policy', 'print what must be allowed on AWS, and do nothing'],
  ],
  options: [
    file,
    message,
    {
      ...watch,
      summary: 'watch the release for so long before it stays (default: 5s, 0 at the first start)',
    },
    lockWait,
    ...rollout,
    acceptFewer,
    noDns,
    { flags: '--iam-policy', summary: 'print the least IAM policy for it, and do nothing' },
    yes,
  ],
  load: () => import('../up.ts'),
};

export const status: CommandSpec = {
  name: 'status',
  summary: 'show what runs: workers, configuration, upstream servers, recent errors',
  examples: [
    ['lbctl status', 'one screen about the balancer'],
    ['lbctl status --json | jq .upstreams', 'the same for a script'],
    ['lbctl status --drift', 'what somebody has changed by hand on EC2, too'],
  ],
  options: [file, drift],
  load: () => import('../status.ts'),
};

export const down: CommandSpec = {
  name: 'down',
  summary: 'stop the balancer and remove everything that `lbctl up` made',
  examples: [
    ['lbctl down', 'ask, then stop and remove'],
    ['lbctl down --yes', 'the same in a script'],
    ['lbctl down --region us-east-1', 'what is left in a Region that lb.yaml has no longer'],
  ],
  options: [
    file,
    { flags: '--region <region>', summary: 'only what is in a Region that lb.yaml has no longer, on EC2' },
    noDns,
    yes,
  ],
  load: () => import('../down.ts'),
};

export const metrics: CommandSpec = {
  name: 'metrics',
  summary: 'show how Network Load Balancers do, or instances on Lightsail, and whose fault it is if badly',
  examples: [
    ['lbctl metrics', 'what lb.yaml has on Lightsail or EC2, or all of the Region, a line each'],
    ['lbctl metrics shop', 'one of them on one screen: verdicts, figures and charts'],
    ['lbctl metrics shop --since 2d --until 1d', 'what was yesterday'],
    ['lbctl metrics shop --watch', 'draw it anew every minute'],
    ['lbctl metrics shop --html > shop.html', 'a report to pass on'],
    ['lbctl metrics --json | jq .loadBalancers[].verdicts', 'what to think of them, in a script'],
  ],
  operands: {
    flags: '[balancer...]',
    summary: 'names or ARNs; what lb.yaml has on Lightsail or EC2, or all of the Region, when left out',
  },
  options: [
    file,
    { flags: '--since <time>', summary: 'from when on: 90m, 2d, 2026-01-31T12:00Z (default: 3h)' },
    { flags: '--until <time>', summary: 'up to when (default: now)' },
    { flags: '--period <time>', summary: 'how long a point is, such as 60s or 5m (default: as fits)' },
    { flags: '--watch', summary: 'draw it anew every minute, until Ctrl-C' },
    { flags: '--csv', summary: 'print all points as CSV' },
    { flags: '--prometheus', summary: "print the last values in Prometheus's text format" },
    { flags: '--svg', summary: 'print the charts as one picture' },
    { flags: '--html', summary: 'print a report as one page' },
  ],
  load: () => import('../metrics.ts'),
};

export const adopt: CommandSpec = {
  name: 'adopt',
  summary: 'have an instance that somebody has built belong to the balancer',
  examples: [
    ['lbctl adopt my-nginx', 'show what it is and what `lbctl up` would change on it, ask, and tag it'],
    ['lbctl adopt my-nginx --yes', 'the same in a script'],
  ],
  operands: { flags: '<instance>', summary: 'its name on Lightsail' },
  options: [file, yes],
  load: () => import('../adopt.ts'),
};

export const lockdown: CommandSpec = {
  name: 'lockdown',
  summary: 'close the instances of Lightsail behind the balancer to the world',
  examples: [
    ['lbctl lockdown', 'show what would be closed, ask, then close it'],
    ['lbctl lockdown --yes', 'the same in a script'],
    ['lbctl lockdown --undo', 'open again what was open before'],
  ],
  options: [file, { flags: '--undo', summary: 'open again what lockdown has closed' }, yes],
  load: () => import('../lockdown.ts'),
};
