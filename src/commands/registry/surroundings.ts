import type { CommandSpec } from '../command.ts';

// for editors and shells

export const schema: CommandSpec = {
  name: 'schema',
  summary: 'print the JSON Schema of lb.yaml, for editors, or of what a command prints under --json',
  examples: [
    ['lbctl schema > lb.schema.json', 'save it, then point your editor at it'],
    ['lbctl schema .lbctlrc.yaml', 'the same for the settings of lint'],
    ['lbctl schema pool list', 'what scripts can count on in lbctl pool list --json'],
    ['lbctl schema failure', 'what any command prints that has failed'],
  ],
  operands: {
    flags: '[name...]',
    summary: 'lb.yaml, .lbctlrc.yaml, a command, or failure (default: lb.yaml)',
    values: ['lb.yaml', '.lbctlrc.yaml', 'failure'],
  },
  options: [],
  load: () => import('../schema.ts'),
};

export const completion: CommandSpec = {
  name: 'completion',
  summary: 'print a script by which a shell completes command lines of lbctl',
  examples: [
    ['source <(lbctl completion bash)', 'in ~/.bashrc, for bash'],
    ['lbctl completion zsh > "${fpath[1]}/_lbctl"', 'for zsh, once'],
    ['lbctl completion fish > ~/.config/fish/completions/lbctl.fish', 'for fish, once'],
  ],
  operands: { flags: '<shell>', summary: 'bash, zsh or fish', values: ['bash', 'zsh', 'fish'] },
  options: [],
  load: () => import('../completion/completion.ts'),
};
