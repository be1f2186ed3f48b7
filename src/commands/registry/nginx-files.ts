import type { CommandSpec } from '../command.ts';

// NGINX files, wherever they come from

export const lint: CommandSpec = {
  name: 'lint',
  summary: 'find what is wrong in an NGINX configuration or an lb.yaml, without NGINX',
  examples: [
    ['lbctl lint /etc/nginx/nginx.conf', 'check a configuration with everything it includes'],
    ['lbctl lint conf.d snippets', 'check parts; where they belong is told from their directives'],
    ['lbctl lint lb.yaml', 'check what is rendered from an lb.yaml, and tell it at its lines'],
    ['nginx -T | lbctl lint -', 'check what a running machine has'],
    ['lbctl lint --target 1.30 nginx.conf', 'check for another NGINX than the newest stable one'],
    ['lbctl lint --changed origin/main .', 'tell of the lines that a branch changes'],
    ['lbctl lint --baseline known.json --update-baseline .', 'take what is found as known, for a start'],
    ['lbctl lint --fix-dry-run nginx.conf', 'show what --fix would change'],
  ],
  operands: {
    flags: '[file...]',
    summary: 'files, folders or patterns; *.yaml and *.yml are taken for an lb.yaml',
  },
  options: [
    {
      flags: '--target <version>',
      summary: 'the NGINX that has to load it (default: 1.30, or what lb.yaml says)',
    },
    { flags: '--plus', summary: 'the target is NGINX Plus' },
    {
      flags: '--behind <what>',
      summary: 'what clients meet in front of NGINX: nlb, nlb-proxy, alb or none',
      values: ['nlb', 'nlb-proxy', 'alb', 'none'],
    },
    { flags: '--context <context>', summary: 'where a part belongs, such as http, server or location' },
    {
      flags: '--format <name>',
      summary: 'checkstyle, compact, github, junit or sarif, for other programs',
      values: ['checkstyle', 'compact', 'github', 'junit', 'sarif'],
    },
    { flags: '--only <rules>', summary: 'rules or families to tell of, parted by commas' },
    {
      flags: '--severity <level>',
      summary: 'tell of error, warning (and worse) or info (all; the default)',
      values: ['error', 'warning', 'info'],
    },
    { flags: '--max-warnings <n>', summary: 'bear so many warnings without exit code 1 (default: 0)' },
    { flags: '--stdin', summary: 'read one file, or what nginx -T prints, from stdin (also: -)' },
    { flags: '--fix', summary: 'mend what has one safe answer, in the included files, too' },
    { flags: '--fix-dry-run', summary: 'change nothing; print what --fix would as a unified diff' },
    {
      flags: '--changed [revision]',
      summary: 'tell of lines that git says have changed (default: since HEAD)',
    },
    { flags: '--baseline <file>', summary: 'leave out the findings that this file knows' },
    { flags: '--update-baseline', summary: 'write what is found into the baseline' },
    {
      flags: '--config <file>',
      summary: 'settings (default: .lbctlrc.yaml here or above, or LBCTL_CONFIG)',
    },
    { flags: '--no-config', summary: 'look for no .lbctlrc.yaml' },
    { flags: '--timing', summary: 'show how long each rule took' },
  ],
  load: () => import('../lint.ts'),
};

export const rules: CommandSpec = {
  name: 'rules',
  summary: 'list the rules of lint, or show the page of one',
  examples: [
    ['lbctl rules', 'list all rules'],
    ['lbctl rules lost-headers', 'show what a rule finds, why, and how to mend it'],
    ['lbctl rules gixy:alias_traversal', 'find a rule by what another linter calls it'],
    ['lbctl rules --json | jq -r .rules[].id', 'use the list in a script'],
  ],
  operands: { flags: '[rule]', summary: 'a rule, with or without its family' },
  options: [],
  load: () => import('../rules.ts'),
};

export const fmt: CommandSpec = {
  name: 'fmt',
  summary: 'lay NGINX files out in one style, without changing what they mean',
  examples: [
    ['lbctl fmt nginx.conf conf.d', 'format a file and all files of a folder in place'],
    ['lbctl fmt --check .', 'name the files that would change and exit 1, for pipelines'],
    ['lbctl fmt --diff nginx.conf', 'show what would change'],
    ['lbctl fmt --stdin < nginx.conf', 'format what comes in, for editors'],
  ],
  operands: {
    flags: '[path...]',
    summary: "files, folders, and patterns such as 'conf.d/*.conf'; - is stdin",
  },
  options: [
    { flags: '--check', summary: 'change nothing; exit 1 when something would change' },
    { flags: '--diff', summary: 'change nothing; print what would change as a unified diff' },
    { flags: '--stdin', summary: 'format stdin to stdout' },
    { flags: '--indent <n>', summary: 'spaces a level, or `tab` (default: 4)' },
  ],
  load: () => import('../fmt.ts'),
};
