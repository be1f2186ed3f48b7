import type { CommandGroup, CommandSpec, OptionSpec } from './command.ts';
import { answerFlags } from '../lib/init/flags.ts';
import { dns } from './dns/registry.ts';
import { acceptFewer, drift, file, lockWait, message, rollout, templates, watch, yes } from './options.ts';
import { pool } from './pool/registry.ts';

const noDns: OptionSpec = { flags: '--no-dns', summary: 'leave the records of dns: as they are' };

/** Options that every command takes. */
export const globalOptions: readonly OptionSpec[] = [
  { flags: '--json', summary: 'print one JSON document on stdout' },
  { flags: '--no-color', summary: 'plain text (also: NO_COLOR)' },
  { flags: '--debug', summary: 'show stack traces' },
];

/** Every command, in the order in which the help lists them. */
export const commands: readonly (CommandSpec | CommandGroup)[] = [
  {
    name: 'init',
    summary: 'write an lb.yaml from answers to a few questions',
    examples: [
      ['lbctl init', 'ask, show what comes of the answers, and write it'],
      ['lbctl init --yes --server 127.0.0.1:9001 --server 127.0.0.1:9002', 'the same in a script'],
      [
        'lbctl init --yes --server 10.0.0.11:8080 --host shop.example.com --path /api/=20r/s',
        'for one host name, with a rate limit on a path',
      ],
    ],
    options: [
      { ...file, summary: 'the file to write (default: lb.yaml, or LBCTL_FILE)' },
      ...answerFlags,
      { flags: '--replace', summary: 'replace a file that is there, without asking' },
      { ...yes, summary: 'ask nothing: answers that no flag gives are the defaults' },
    ],
    load: () => import('./init/run.ts'),
  },
  {
    name: 'config',
    summary: 'print the balancer with every default filled in and marked',
    examples: [
      ['lbctl config', 'show what lb.yaml means, defaults included'],
      ['lbctl config --json | jq .balancer.upstreams', 'read one part of it in a script'],
    ],
    options: [file],
    load: () => import('./config.ts'),
  },
  {
    name: 'generate',
    summary: 'write the NGINX configuration that lb.yaml describes, or its template of CloudFormation',
    examples: [
      ['lbctl generate', 'print the whole tree'],
      ['lbctl generate --out build/nginx', 'write nginx.conf and its includes into a folder'],
      ['lbctl generate --target cloudformation', 'print the template of a balancer on ec2'],
    ],
    options: [
      file,
      ...templates,
      { flags: '-o, --out <dir>', summary: 'write the files into this folder instead of printing them' },
      { ...yes, summary: 'replace files there that lbctl did not write, without asking' },
    ],
    load: () => import('./generate.ts'),
  },
  {
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
    load: () => import('./lint.ts'),
  },
  {
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
    load: () => import('./rules.ts'),
  },
  {
    name: 'plan',
    summary: 'show what `lbctl up` would do',
    examples: [
      ['lbctl plan', 'list the steps without taking any'],
      ['lbctl plan --check', 'exit 1 when something would change, for pipelines'],
    ],
    options: [file, { flags: '--check', summary: 'exit 1 when there is something to do' }, noDns],
    load: () => import('./plan.ts'),
  },
  {
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
    load: () => import('./up.ts'),
  },
  {
    name: 'deploy',
    summary: 'bring what lb.yaml describes to all nodes, and take it back where it does not serve',
    examples: [
      ['lbctl deploy -m "longer timeouts"', 'show what changes, ask, then change it'],
      ['lbctl deploy --yes --watch 60s', 'the same in a script, watched for a minute'],
      ['lbctl deploy --batch 25% --pause 1m', 'one node first, then a quarter of all at a time'],
    ],
    options: [file, message, watch, lockWait, ...rollout, acceptFewer, yes],
    load: () => import('./deploy.ts'),
  },
  {
    name: 'releases',
    summary: 'list the releases that nodes keep, with who deployed them and why',
    examples: [
      ['lbctl releases', 'one line a release, the current one marked'],
      ['lbctl releases --json | jq .nodes[0].current', 'the current release in a script'],
    ],
    options: [file],
    load: () => import('./releases.ts'),
  },
  {
    name: 'rollback',
    summary: 'go back to a release that nodes still have',
    examples: [
      ['lbctl rollback', 'go back to the release before'],
      ['lbctl rollback 1f3a --yes', 'go back to one by the beginning of its name'],
    ],
    operands: { flags: '[release]', summary: 'a release; the one before when left out' },
    options: [file, message, watch, lockWait, ...rollout, yes],
    load: () => import('./rollback.ts'),
  },
  {
    name: 'diff',
    summary: 'show what differs between a release and another one, or lb.yaml',
    examples: [
      ['lbctl diff 1f3a', 'what a deploy would change in that release'],
      ['lbctl diff 1f3a 77c0', 'what the second one does differently'],
    ],
    operands: { flags: '<release...>', summary: 'one release to compare with lb.yaml, or two' },
    options: [file],
    load: () => import('./diff.ts'),
  },
  pool,
  {
    name: 'lockdown',
    summary: 'close the instances of Lightsail behind the balancer to the world',
    examples: [
      ['lbctl lockdown', 'show what would be closed, ask, then close it'],
      ['lbctl lockdown --yes', 'the same in a script'],
      ['lbctl lockdown --undo', 'open again what was open before'],
    ],
    options: [file, { flags: '--undo', summary: 'open again what lockdown has closed' }, yes],
    load: () => import('./lockdown.ts'),
  },
  {
    name: 'status',
    summary: 'show what runs: workers, configuration, upstream servers, recent errors',
    examples: [
      ['lbctl status', 'one screen about the balancer'],
      ['lbctl status --json | jq .upstreams', 'the same for a script'],
      ['lbctl status --drift', 'what somebody has changed by hand on EC2, too'],
    ],
    options: [file, drift],
    load: () => import('./status.ts'),
  },
  {
    name: 'down',
    summary: 'stop the balancer and remove everything that `lbctl up` made',
    examples: [
      ['lbctl down', 'ask, then stop and remove'],
      ['lbctl down --yes', 'the same in a script'],
    ],
    options: [file, noDns, yes],
    load: () => import('./down.ts'),
  },
  {
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
    load: () => import('./metrics.ts'),
  },
  {
    name: 'adopt',
    summary: 'have an instance that somebody has built belong to the balancer',
    examples: [
      ['lbctl adopt my-nginx', 'show what it is and what `lbctl up` would change on it, ask, and tag it'],
      ['lbctl adopt my-nginx --yes', 'the same in a script'],
    ],
    operands: { flags: '<instance>', summary: 'its name on Lightsail' },
    options: [file, yes],
    load: () => import('./adopt.ts'),
  },
  {
    name: 'alarms',
    summary: 'have CloudWatch tell when something is wrong with the Network Load Balancer in front',
    examples: [
      ['lbctl alarms plan', 'show which alarms would be made, and what they cost'],
      ['lbctl alarms apply', 'bring them to what alarms of lb.yaml says'],
      ['lbctl alarms list', 'show which are off, and since when'],
      ['lbctl alarms test', 'set one off, to see that the message arrives'],
    ],
    options: [],
    commands: [
      {
        name: 'plan',
        summary: 'show what `lbctl alarms apply` would do',
        examples: [
          ['lbctl alarms plan', 'list the steps without taking any'],
          ['lbctl alarms plan --check', 'exit 1 when something would change, for pipelines'],
        ],
        options: [file, { flags: '--check', summary: 'exit 1 when there is something to do' }],
        load: () => import('./alarms/plan.ts'),
      },
      {
        name: 'apply',
        summary: 'bring the alarms to what lb.yaml says',
        examples: [
          ['lbctl alarms apply', 'show what changes, ask, then change it'],
          ['lbctl alarms apply --yes', 'the same in a script'],
        ],
        options: [file, yes],
        load: () => import('./alarms/apply.ts'),
      },
      {
        name: 'list',
        summary: 'show the alarms of the balancer: which are off, since when and why',
        examples: [
          ['lbctl alarms list', 'a line each, those that are off first'],
          ['lbctl alarms list --json | jq .alarms[].state', 'the same for a script'],
        ],
        options: [file],
        load: () => import('./alarms/list.ts'),
      },
      {
        name: 'remove',
        summary: 'remove all alarms of the balancer',
        examples: [
          ['lbctl alarms remove', 'show them, ask, then remove them'],
          ['lbctl alarms remove --yes', 'the same in a script'],
        ],
        options: [file, yes],
        load: () => import('./alarms/remove.ts'),
      },
      {
        name: 'test',
        summary: 'set an alarm off for a moment, and see that the topic is told',
        examples: [
          ['lbctl alarms test', 'the first that is critical'],
          ['lbctl alarms test rejected-flows --yes', 'another one, in a script'],
        ],
        operands: { flags: '[alarm]', summary: 'the end of its name, such as rejected-flows' },
        options: [file, yes],
        load: () => import('./alarms/test.ts'),
      },
    ],
  },
  {
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
    load: () => import('./fmt.ts'),
  },
  {
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
    load: () => import('./schema.ts'),
  },
  {
    name: 'completion',
    summary: 'print a script by which a shell completes command lines of lbctl',
    examples: [
      ['source <(lbctl completion bash)', 'in ~/.bashrc, for bash'],
      ['lbctl completion zsh > "${fpath[1]}/_lbctl"', 'for zsh, once'],
      ['lbctl completion fish > ~/.config/fish/completions/lbctl.fish', 'for fish, once'],
    ],
    operands: { flags: '<shell>', summary: 'bash, zsh or fish', values: ['bash', 'zsh', 'fish'] },
    options: [],
    load: () => import('./completion/completion.ts'),
  },
  dns,
];
