/** What `lbctl help` explains beside the commands. */
export interface Topic {
  readonly name: string;
  readonly summary: string;
  /** Its page in the folder of documents. */
  readonly page: string;
  /** Commands whose help leads on to it. */
  readonly commands: readonly string[];
}

/** In the order in which the help lists them: a page of docs/ each. */
export const topics: readonly Topic[] = [
  {
    name: 'lb.yaml',
    summary: 'the file that says what a balancer is; `lbctl help lb.yaml KEY` explains a part of it',
    page: 'lb-yaml.md',
    commands: ['config', 'generate', 'plan', 'up', 'schema'],
  },
  {
    name: 'exit-codes',
    summary: 'what the exit code of a command says',
    page: 'exit-codes.md',
    commands: [],
  },
  { name: 'environment', summary: 'variables that lbctl looks at', page: 'environment.md', commands: [] },
  {
    name: 'output',
    summary: 'what goes to stdout and stderr, JSON for scripts, colours and widths',
    page: 'output.md',
    commands: [],
  },
  {
    name: 'providers',
    summary: 'where a balancer can run, and what differs',
    page: 'providers.md',
    commands: ['plan', 'up', 'down'],
  },
  {
    name: 'ssh',
    summary: 'balancers on machines that you reach over SSH',
    page: 'ssh.md',
    commands: ['up', 'deploy'],
  },
  {
    name: 'lightsail',
    summary: 'balancers on instances of Amazon Lightsail',
    page: 'lightsail.md',
    commands: ['up', 'adopt', 'lockdown', 'down'],
  },
  {
    name: 'ec2',
    summary: 'balancers on an Auto Scaling group behind a Network Load Balancer',
    page: 'ec2.md',
    commands: ['generate', 'up', 'down'],
  },
  {
    name: 'https',
    summary: 'certificates that nodes get and renew by themselves',
    page: 'https.md',
    commands: ['up', 'status'],
  },
  {
    name: 'discovery',
    summary: 'servers of upstreams that are found, and not named',
    page: 'discovery.md',
    commands: ['pool'],
  },
  {
    name: 'route53',
    summary: 'clients led to the nearest balancer, or where the law wants them',
    page: 'dns.md',
    commands: ['dns'],
  },
  {
    name: 'pre-commit',
    summary: 'lint and fmt before each commit',
    page: 'pre-commit.md',
    commands: ['lint', 'fmt'],
  },
  { name: 'ci', summary: 'lint and fmt in pipelines', page: 'ci.md', commands: ['lint', 'fmt'] },
  {
    name: 'library',
    summary: 'the parser, the formatter and the linter in programs of your own',
    page: 'library.md',
    commands: [],
  },
];
