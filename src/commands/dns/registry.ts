import type { CommandGroup, OptionSpec } from '../command.ts';
import { file, yes } from '../options.ts';

/** Records by flags, in place of `dns:` of lb.yaml. */
const records: readonly OptionSpec[] = [
  { flags: '--zone <name>', summary: 'hosted zone, where the records are given by flags' },
  { flags: '--name <name>', summary: 'the record that is meant' },
  { flags: '--private', summary: 'the zone is a private one' },
  { flags: '--ttl <seconds>', summary: 'seconds that resolvers may keep an answer (default: 60)' },
  {
    flags: '--health <how>',
    summary: 'health checks, such as https:443/healthz or tcp:25, or the id of one',
  },
  { flags: '--simple <address>', summary: 'an address, the same for all', repeats: true },
  {
    flags: '--latency <region=address>',
    summary: 'an answer for whom a Region is the nearest',
    repeats: true,
  },
  {
    flags: '--geo <location=address>',
    summary: 'an answer for default, continent:EU, country:DE or us:CA',
    repeats: true,
  },
  { flags: '--weighted <name:weight=address>', summary: 'an answer for a share of all', repeats: true },
  {
    flags: '--failover <role=address>',
    summary: 'primary, and secondary for when it is dead',
    repeats: true,
  },
  { flags: '--multivalue <address>', summary: 'one of up to eight living addresses', repeats: true },
  {
    flags: '--geoproximity <place:bias=address>',
    summary: 'an answer for whom a Region, or latitude,longitude, is near',
    repeats: true,
  },
  { flags: '--cidr <name:networks=address>', summary: 'an answer for networks, or default', repeats: true },
];

const force: OptionSpec = {
  flags: '--force',
  summary: 'change or delete more than 30% of ten records or more',
};
const zone: readonly OptionSpec[] = [
  { flags: '--zone <name>', summary: 'a hosted zone; that of lb.yaml when left out' },
  { flags: '--private', summary: 'the zone is a private one' },
];

export const dns: CommandGroup = {
  name: 'dns',
  summary: 'lead clients to the balancer by Route 53, and see who gets what',
  examples: [
    ['lbctl dns plan', 'what would change in Route 53'],
    ['lbctl dns apply --yes', 'change it, and wait until all name servers have it'],
    ['lbctl dns where', 'who is led where: a map of the world'],
    ['lbctl dns where --from DE', 'what a client in Germany gets, and why'],
  ],
  options: [],
  commands: [
    {
      name: 'plan',
      summary: 'show what would change in Route 53',
      examples: [
        ['lbctl dns plan', 'compare lb.yaml with the zone'],
        ['lbctl dns plan --check', 'exit 1 when something would change, for pipelines'],
      ],
      options: [file, { flags: '--check', summary: 'exit 1 when there is something to do' }, ...records],
      load: () => import('./plan.ts'),
    },
    {
      name: 'apply',
      summary: 'bring records and health checks to what is wanted',
      examples: [
        ['lbctl dns apply', 'show what changes, ask, then change it'],
        [
          'lbctl dns apply --zone example.com --name www.example.com --latency us-east-1=192.0.2.1 --latency eu-west-1=192.0.2.2 --yes',
          'the same in a pipeline, without an lb.yaml',
        ],
      ],
      options: [file, force, yes, ...records],
      load: () => import('./apply.ts'),
    },
    {
      name: 'list',
      summary: 'show the records of a zone, and who keeps them',
      examples: [
        ['lbctl dns list', 'all records of the zone of lb.yaml'],
        [
          'lbctl dns list --zone example.com --name www.example.com --json',
          'one name of any zone, for a script',
        ],
      ],
      options: [file, ...zone, { flags: '--name <name>', summary: 'the record that is meant' }],
      load: () => import('./list.ts'),
    },
    {
      name: 'export',
      summary: 'write records down, as JSON or in the form of BIND',
      examples: [
        ['lbctl dns export --zone example.com --out example.com.zone', 'a zone in the form of BIND'],
        ['lbctl dns export --name www.example.com', 'one name, as Route 53 has it'],
      ],
      options: [
        file,
        ...zone,
        { flags: '--name <name>', summary: 'the record that is meant' },
        { flags: '-o, --out <file>', summary: 'write into this file instead of printing' },
        {
          flags: '--format <form>',
          summary: 'json or bind (default: by the name of the file, or json)',
          values: ['json', 'bind'],
        },
      ],
      load: () => import('./export.ts'),
    },
    {
      name: 'import',
      summary: 'bring records from a file, or take over those that are there as they are',
      examples: [
        ['lbctl dns import example.com.zone --zone example.com', 'show what changes, ask, then change it'],
      ],
      operands: {
        flags: '<records>',
        summary: 'what export writes, what aws route53 lists, or a zone file of BIND',
      },
      options: [file, ...zone, force, yes],
      load: () => import('./import.ts'),
    },
    {
      name: 'shift',
      summary: 'give weighted answers other shares, little by little, while they are watched',
      examples: [
        ['lbctl dns shift blue=90 green=10', 'all at once'],
        ['lbctl dns shift blue=0 green=100 --step 10 --every 5m', 'ten at a time, back if green dies'],
      ],
      operands: { flags: '<weight...>', summary: 'answers with their weights, such as blue=90' },
      options: [
        file,
        ...zone,
        { flags: '--name <name>', summary: 'the record that is meant, where several have such answers' },
        { flags: '--step <n>', summary: 'change no weight by more than this at once (default: all at once)' },
        { flags: '--every <time>', summary: 'watch so long between two moves (default: 60s)' },
        yes,
      ],
      load: () => import('./shift.ts'),
    },
    {
      name: 'undo',
      summary: 'take back the last change of records that was made from here',
      examples: [['lbctl dns undo', 'show what comes back, ask, then bring it back']],
      options: [file, ...zone, yes],
      load: () => import('./undo.ts'),
    },
    {
      name: 'where',
      summary: 'show who gets which answer, with the rule that decides',
      examples: [
        ['lbctl dns where', 'a map of the world by answer'],
        ['lbctl dns where --from DE', 'what a client in Germany gets, and why'],
        ['lbctl dns where --from all', 'a table of all countries and US states'],
        ['lbctl dns where --svg map.svg --down eu-west-1', 'the map as a picture, with an answer dead'],
      ],
      options: [
        file,
        { flags: '--from <where>', summary: 'DE, EU, us:CA, an address, or all' },
        {
          flags: '--live',
          summary: 'ask the name servers of Route 53 what --from ADDRESS gets, and compare',
        },
        { flags: '--type <type>', summary: 'record type, such as AAAA (default: the first that there is)' },
        { flags: '--down <answer>', summary: 'as if this answer were dead', repeats: true },
        { flags: '--svg <file>', summary: 'draw the map into this file, too' },
        ...records,
      ],
      load: () => import('./where.ts'),
    },
  ],
};
