import { boolean, choice, narrowed, number, only, text } from '../shape/scalars.ts';
import { either, list, object, record, shorthand } from '../shape/containers.ts';
import { line, network, port } from './values.ts';

export const zoneName = text(
  /^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/u,
  'must be the name of a zone such as example.com',
);

const recordName = text(
  /^(\*\.)?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/u,
  'must be a name such as shop.example.com or *.example.com',
);

const target = narrowed(
  line,
  /^[^\s,=]+$/u,
  'must be an address, a host name, alias:NAME or a Region of dns.regions',
);

const targets = either(target, list(target, 'is empty'));

const healthCheck = object({
  protocol: choice(['http', 'https', 'tcp']).default('https').describe('How the answer is asked.'),
  port: port.optional().describe('Port to ask; 443, and 80 for http, when left out.'),
  path: narrowed(line, /^\//u, 'must start with /')
    .optional()
    .describe('Path that must answer 2xx or 3xx; health.path when left out.'),
  host: text(/^[A-Za-z0-9._-]+$/u, 'must be a host name')
    .optional()
    .describe('Host that is asked for; the name of the record when left out.'),
  search: line.optional().describe('Text that must be in the first 5,120 bytes of the answer.'),
  interval: choice([10, 30]).default(30).describe('Seconds between two questions of a checker.'),
  threshold: number(1, 10).default(3).describe('Answers in a row after which a checker changes its mind.'),
  regions: list(text(/^[a-z0-9-]+$/u, 'must be a Region'), 'is empty')
    .optional()
    .describe('Where it is asked from: three Regions at least; all of them when left out.'),
});

const health = either(
  only(false),
  shorthand(healthCheck, only(true), () => ({})),
  text(/^[0-9a-f-]{36}$/u, 'must be true, false, a mapping or the id of a health check'),
).describe('Health checks of Route 53: true makes one for each address, an id takes one that is there.');

const answer = shorthand(
  object({
    to: targets.describe('Addresses, host names, alias:NAME, or Regions of dns.regions.'),
    weight: number(0, 255)
      .optional()
      .describe('Share of the questions, relative to the others (policy weighted).'),
    bias: number(-99, 99)
      .optional()
      .describe('Draws in clients from farther away, or fewer (policy geoproximity).'),
    networks: list(network, 'is empty').optional().describe('Networks of clients (policy cidr).'),
    health: health.optional(),
  }),
  targets,
  (to) => ({ to }),
).describe('Where clients are led.');

const answers = either(
  targets,
  record(
    narrowed(line, /^[^\s=]{1,128}$/u, 'must be what the policy chooses by, such as us-east-1 or country:DE'),
    answer,
  ),
).describe(
  'What is answered, by Region (latency, geoproximity), location (default, continent:EU, country:DE, us:CA), primary and secondary, or a name of its own; addresses alone for simple and multivalue.',
);

const policy = choice([
  'simple',
  'latency',
  'geolocation',
  'weighted',
  'failover',
  'multivalue',
  'geoproximity',
  'cidr',
]);

const common = {
  name: recordName.optional().describe('Name that clients ask for; the zone itself when left out.'),
  policy: policy.default('latency').describe('How Route 53 chooses among the answers.'),
  ttl: number(0, 2147483647).default(60).describe('Seconds that resolvers may keep an answer.'),
  answers: answers.optional(),
  health: health.optional(),
};

/** Records of Route 53 that lead to the balancer. */
export const dns = object({
  zone: zoneName.describe('Hosted zone of Route 53.'),
  private: boolean().default(false).describe('The zone is a private one.'),
  ...common,
  regions: record(text(/^[a-z0-9-]+$/u, 'must be a Region such as eu-west-1'), targets)
    .default({})
    .describe(
      'Addresses or load balancers by Region, that answers can name; those of the provider when left out.',
    ),
  must_stay: record(
    text(
      /^[A-Z]{2}$|^us:[A-Z]{2}$/u,
      'must be a continent or country such as EU or DE, or a state such as us:CA',
    ),
    list(text(/^[a-z0-9-]+$/u, 'must be a Region'), 'is empty'),
  )
    .default({})
    .describe(
      'Regions that clients of a continent (as Route 53 counts it) or country may be led to, whatever fails.',
    ),
  records: list(object(common))
    .default([])
    .describe('Further names, such as those that answers lead to by alias:NAME.'),
}).describe('Where clients find the balancer: records of Route 53, brought by up and by lbctl dns.');
