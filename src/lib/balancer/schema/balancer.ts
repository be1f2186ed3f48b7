import { text, narrowed, number, boolean, choice } from '../shape/scalars.ts';
import { object, record, list, shorthand } from '../shape/containers.ts';
import { type Output } from '../shape/shape.ts';
import { dns } from './dns.ts';
import { ec2 } from './ec2.ts';
import { lightsail, region } from './lightsail.ts';
import { alarms } from './alarms.ts';
import { listener } from './listeners.ts';
import { route } from './routes.ts';
import { upstream } from './upstreams.ts';
import {
  absolutePath,
  bindAddress,
  diskSize,
  duration,
  line,
  name,
  ownFile,
  port,
  size,
  snippet,
  sshDestination,
} from './values.ts';

/** NGINX modules that are not part of every build and that lbctl can write directives for. */
const moduleNames = ['geoip2', 'modsecurity'] as const;

const nginx = object({
  version: text(
    /^1\.(1[89]|2\d|3[01])(\.\d{1,2})?$/u,
    'must be a version from 1.18 to 1.31, such as "1.28" or "1.28.0"',
  )
    .default('1.22')
    .describe(
      'Oldest NGINX that must be able to load the configuration; what is written depends on it. Where provider is not local and this is left out, that of the oldest node.',
    ),
  plus: boolean()
    .default(false)
    .describe('The target is NGINX Plus: features of the subscription may be used.'),
  modules: list(choice(moduleNames))
    .default([])
    .describe('Additional modules that are installed on the target.'),
  user: narrowed(line, /^[a-z_][a-z0-9_-]{0,31}$/u, 'must be a user name')
    .default('www-data')
    .describe(
      'User that the worker processes run as; where provider is not local and this is left out, the user of the NGINX there.',
    ),
  worker_connections: number(64, 1000000)
    .default(8192)
    .describe('Connections at a time, per worker process, those to servers included.'),
  resolver: list(
    text(/^([0-9.]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?$/u, 'must be an address such as 169.254.169.253'),
    'is empty',
  )
    .optional()
    .describe('Name servers for servers marked resolve.'),
})
  .default({})
  .describe('The NGINX that runs the configuration.');

const cache = shorthand(
  object({
    size: diskSize.describe('Most disk space.'),
    keys: size.default('10m').describe('Memory for keys; about 8,000 a megabyte.'),
    inactive: duration.default('1h').describe('An answer that nobody asks for so long is thrown away.'),
  }),
  diskSize,
  (given) => ({ size: given }),
).describe('A cache on disk.');

const compression = shorthand(
  object({
    on: boolean().default(true).describe('Whether answers are compressed.'),
    level: number(1, 9).default(4).describe('From fast to small.'),
    min_length: number(0, 1000000).default(1000).describe('Shorter answers, in bytes, are left alone.'),
    types: list(text(/^([a-z]+\/[A-Za-z0-9.+-]+|\*)$/u, 'must be a media type such as text/css'), 'is empty')
      .optional()
      .describe('Media types, beside text/html.'),
  }),
  boolean(),
  (on) => ({ on }),
)
  .default(false)
  .describe('Compress answers with gzip.');

const logging = object({
  access: boolean().default(true).describe('Write one JSON line a request.'),
  error_level: choice(['debug', 'info', 'notice', 'warn', 'error', 'crit'])
    .default('warn')
    .describe('Least severe message in the error log.'),
  geoip2: absolutePath
    .optional()
    .describe(
      'GeoIP2 City database on the node: adds country, region and city to the access log; needs the module geoip2.',
    ),
})
  .default({})
  .describe('What is written down.');

const metrics = object({
  address: bindAddress.default('127.0.0.1').describe('Address to listen on.'),
  port: port.default(8099).describe('Port to listen on.'),
})
  .default({})
  .describe('Where NGINX shows its own counters (stub_status at /stub_status).');

const health = object({
  path: narrowed(line, /^\/[A-Za-z0-9._/-]*$/u, 'must be a path')
    .default('/healthz')
    .describe('Path that answers 200 on the default server.'),
})
  .default({})
  .describe('What a balancer in front asks to learn whether this one is alive.');

const snippets = object({
  main: snippet.optional().describe('At the top level.'),
  events: snippet.optional().describe('In the events block.'),
  http: snippet.optional().describe('In the http block.'),
  server: snippet.optional().describe('In every server block of a route.'),
  stream: snippet.optional().describe('In the stream block.'),
})
  .default({})
  .describe(
    'Raw NGINX directives for what this file has no word for; parsed and checked like everything else.',
  );

const ssh = object({
  config: ownFile.optional().describe('Configuration of ssh that is read instead of ~/.ssh/config.'),
  known_hosts: ownFile
    .optional()
    .describe('Host keys in the form of ~/.ssh/known_hosts: the only ones that are trusted.'),
}).describe('How ssh reaches the nodes (provider ssh); relative paths start at the folder of lb.yaml.');

export const balancerName = text(
  /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/u,
  'must be 2 to 32 lower-case letters, digits and -, starting with a letter',
);

export const PROVIDERS = ['local', 'ssh', 'lightsail', 'ec2'] as const;

/** lb.yaml: this one definition gives the types, the checks and the JSON Schema. */
export const balancerSchema = object({
  name: balancerName
    .instead((value) => (value === undefined ? 'write name: shop' : undefined))
    .describe('Name of the balancer.'),
  provider: choice(PROVIDERS)
    .default('local')
    .describe(
      'Where it runs: local is this machine, ssh are the machines under nodes, lightsail are instances that lbctl makes, ec2 is an Auto Scaling group behind a Network Load Balancer.',
    ),
  nodes: list(sshDestination, 'is empty')
    .optional()
    .describe(
      'Machines that run NGINX from packages, as one writes them for ssh: HOST, USER@HOST, ssh://USER@HOST:PORT or a Host of ~/.ssh/config (provider ssh).',
    ),
  ssh: ssh.optional(),
  regions: list(region, 'is empty')
    .optional()
    .describe(
      'Regions that it runs in (providers lightsail and ec2); when left out, the one of AWS_REGION or of the profile.',
    ),
  lightsail: lightsail.optional(),
  ec2: ec2.optional(),
  nginx,
  listeners: record(name, listener).describe('Ports that clients connect to, by name.'),
  upstreams: record(name, upstream).default({}).describe('Pools of servers, by name.'),
  lockdown: boolean()
    .default(false)
    .describe(
      'Keep the servers closed to the world: lbctl up does what lbctl lockdown does with those that are instances of Lightsail.',
    ),
  caches: record(name, cache).default({}).describe('Caches on disk, by name.'),
  routes: list(route).default([]).describe('What happens to requests, by host and path.'),
  compression,
  logging,
  metrics,
  health,
  snippets,
  dns: dns.optional(),
  alarms: alarms.optional(),
}).describe('An NGINX load balancer.');

/** A balancer with every default filled in, in the long form of lb.yaml. */
export type Balancer = Output<typeof balancerSchema>;
export type Listener = Balancer['listeners'][string];
export type Upstream = Balancer['upstreams'][string];
export type Discover = NonNullable<Upstream['discover']>;
/** `drained` where nodes have it so, which no lb.yaml says: it gets no new clients, for as long as it is `down` too. */
export type Server = Upstream['servers'][number] & { readonly drained?: true };
export type Route = Balancer['routes'][number];
export type Path = Route['paths'][string];
export type Dns = NonNullable<Balancer['dns']>;
