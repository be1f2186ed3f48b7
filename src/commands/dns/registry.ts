import type { CommandGroup, OptionSpec } from '../command.ts';
import { file } from '../options.ts';

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

export const dns: CommandGroup = {
  name: 'dns',
  summary: 'lead clients to the balancer by Route 53, and see who gets what',
  examples: [
    ['lbctl dns where', 'who is led where: a map of the world'],
    ['lbctl dns where --from DE', 'what a client in Germany gets, and why'],
  ],
  options: [],
  commands: [
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
        { flags: '--from <where>', summary: 'DE, EU, us:CA, or all' },
        { flags: '--type <type>', summary: 'record type, such as AAAA (default: the first that there is)' },
        { flags: '--down <answer>', summary: 'as if this answer were dead', repeats: true },
        { flags: '--svg <file>', summary: 'draw the map into this file, too' },
        ...records,
      ],
      load: () => import('./where.ts'),
    },
  ],
};
