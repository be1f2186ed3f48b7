import type { CommandSpec } from '../command.ts';
import { acceptFewer, file, lockWait, message, rollout, watch, yes } from '../options.ts';

// releases on nodes

export const deploy: CommandSpec = {
  name: 'deploy',
  summary: 'bring what lb.yaml describes to all nodes, and take it back where it does not serve',
  examples: [
    ['lbctl deploy -m "longer timeouts"', 'show what changes, ask, then change it'],
    ['lbctl deploy --yes --watch 60s', 'the same in a script, watched for a minute'],
    ['lbctl deploy --batch 25% --pause 1m', 'one node first, then a quarter of all at a time'],
  ],
  options: [file, message, watch, lockWait, ...rollout, acceptFewer, yes],
  load: () => import('../deploy.ts'),
};

export const releases: CommandSpec = {
  name: 'releases',
  summary: 'list the releases that nodes keep, with who deployed them and why',
  examples: [
    ['lbctl releases', 'one line a release, the current one marked'],
    ['lbctl releases --json | jq .nodes[0].current', 'the current release in a script'],
  ],
  options: [file],
  load: () => import('../releases.ts'),
};

export const rollback: CommandSpec = {
  name: 'rollback',
  summary: 'go back to a release that nodes still have',
  examples: [
    ['lbctl rollback', 'go back to the release before'],
    ['lbctl rollback 1f3a --yes', 'go back to one by the beginning of its name'],
  ],
  operands: { flags: '[release]', summary: 'a release; the one before when left out' },
  options: [file, message, watch, lockWait, ...rollout, yes],
  load: () => import('../rollback.ts'),
};

export const diff: CommandSpec = {
  name: 'diff',
  summary: 'show what differs between a release and lb.yaml, or another one',
  examples: [
    ['lbctl diff', 'what a deploy would change in the release that serves'],
    ['lbctl diff 1f3a', 'the same for a release of before'],
    ['lbctl diff 1f3a 77c0', 'what the second one does differently'],
  ],
  operands: {
    flags: '[release...]',
    summary: 'one release to compare with lb.yaml, or two; the one that serves when left out',
  },
  options: [file],
  load: () => import('../diff.ts'),
};
