import { text, narrowed, number, boolean, only, choice } from '../shape/scalars.ts';
import { object, record, list, either, shorthand } from '../shape/containers.ts';
import { PROXY_DEFAULTS } from '../defaults.ts';
import { absolutePath, duration, file, headerName, line, name, network, rate, size } from './values.ts';

/** Text in which `$name` stands for an NGINX variable and `$$` for a dollar sign. */
export const template = line;

const timeouts = shorthand(
  object({
    connect: duration
      .optionalWith(PROXY_DEFAULTS.timeout.connect)
      .describe('Longest wait for a server to accept a connection.'),
    send: duration
      .optionalWith(PROXY_DEFAULTS.timeout.send)
      .describe('Longest pause between two writes of a request.'),
    read: duration
      .optionalWith(PROXY_DEFAULTS.timeout.read)
      .describe('Longest pause between two reads of an answer.'),
  }),
  duration,
  (time) => ({ read: time, send: time }),
).describe('How long to wait for the servers; one time sets read and send.');

/** What `proxy_next_upstream` accepts, without `off` and `non_idempotent`, which have keys of their own. */
const retryCauses = [
  'error',
  'timeout',
  'invalid_header',
  'http_500',
  'http_502',
  'http_503',
  'http_504',
  'http_403',
  'http_404',
  'http_429',
] as const;

const retries = either(
  only(false),
  object({
    on: list(choice(retryCauses), 'is empty')
      .optionalWith(PROXY_DEFAULTS.retries.on)
      .describe('What sends a request on to the next server.'),
    tries: number(1, 100)
      .optionalWith(PROXY_DEFAULTS.retries.tries)
      .describe('Most servers to try, the first included.'),
    timeout: duration
      .optionalWith(PROXY_DEFAULTS.retries.timeout)
      .describe('No further try after this time.'),
    non_idempotent: boolean()
      .optionalWith(PROXY_DEFAULTS.retries.non_idempotent)
      .describe(
        'Send POST, LOCK and PATCH a second time too, even if the first server may have acted on it.',
      ),
  }),
).describe('When a request is tried on another server.');

const rateLimit = shorthand(
  object({
    rate: rate.describe('Requests per second (20r/s) or minute (300r/m).'),
    burst: number(0, 1000000)
      .optional()
      .describe('Requests above the rate that are let through; one second of the rate when left out.'),
    delay: boolean()
      .default(false)
      .describe('Slow the burst down to the rate instead of answering it at once.'),
    key: template.default('$binary_remote_addr').describe('What is counted: text with NGINX variables.'),
    status: number(400, 599).default(429).describe('Status of a refused request.'),
  }),
  rate,
  (given) => ({ rate: given }),
).describe('Most requests from one client; a rate such as 20r/s, or more of it.');

const connectionLimit = shorthand(
  object({
    connections: number(1, 1000000).describe('Most requests in work at a time.'),
    key: template.default('$binary_remote_addr').describe('What is counted: text with NGINX variables.'),
    status: number(400, 599).default(429).describe('Status of a refused request.'),
  }),
  number(1, 1000000),
  (connections) => ({ connections }),
).describe('Most requests in work at a time from one client.');

/** Stands between quotes in a header. */
const realm = narrowed(line, /^[^"\\]+$/u, 'must not be empty or hold " or \\');

const auth = either(
  only(false),
  object({
    basic: object({
      users_file: file.describe('File of names and password hashes, as htpasswd writes it.'),
      realm: realm.default('Restricted').describe('Name shown by browsers.'),
    })
      .optional()
      .describe('Name and password (auth_basic).'),
    request: object({
      upstream: name.describe('Upstream that is asked.'),
      path: narrowed(line, /^\/[^\s$]*$/u, 'must start with / and hold no space or $').describe(
        'Path that is asked; 2xx lets the request pass, 401 and 403 refuse it.',
      ),
    })
      .optional()
      .describe('Ask another service about each request (auth_request).'),
    jwt: object({
      key_file: file.describe('Keys in JSON Web Key Set form.'),
      realm: realm.default('Restricted').describe('Name of the protected space.'),
    })
      .optional()
      .describe('Signed tokens (auth_jwt, NGINX Plus).'),
  }),
).describe('Who may come in; false lifts what the route asks for.');

const cacheUse = shorthand(
  object({
    zone: name.describe('One of the caches of this file.'),
    key: template
      .default('$scheme$request_method$host$request_uri')
      .describe('What tells two answers apart.'),
    valid: record(text(/^([1-5]\d\d|any)$/u, 'must be a status such as 200, or any'), duration)
      .default({ '200': '10m', '301': '10m' })
      .describe('How long an answer is good for by status, where the server does not say.'),
    stale: boolean()
      .default(true)
      .describe('Give an old answer while a new one is fetched or no server answers.'),
    lock: boolean()
      .default(true)
      .describe('Of several requests for the same missing answer, only one goes to a server.'),
    bypass: list(template)
      .default([])
      .describe('Variables; where one is neither empty nor 0, the cache is passed by.'),
  }),
  name.instead((value) =>
    typeof value === 'boolean'
      ? 'name one of caches: cache: pages, with caches: { pages: 1g } at the top level'
      : undefined,
  ),
  (zone) => ({ zone }),
).describe('Keep answers and give them again.');

const hsts = shorthand(
  object({
    max_age: number(0, 63072000).default(63072000).describe('Seconds.'),
    include_subdomains: boolean().default(false).describe('For all names below too.'),
    preload: boolean().default(false).describe('Consent to be built into browsers.'),
  }),
  only(true),
  () => ({}),
).describe('Tell browsers to come by https alone (Strict-Transport-Security); sent over https alone.');

const waf = shorthand(
  object({
    on: boolean().default(true).describe('Whether requests are inspected.'),
    rules: absolutePath
      .optional()
      .describe(
        "Rules file on the node; left out, the OWASP core rules where Debian's package modsecurity-crs has them, refusing what they find.",
      ),
  }),
  boolean(),
  (on) => ({ on }),
).describe('Inspect requests with ModSecurity and the OWASP core rules; needs the module modsecurity.');

/** Options of a route that each of its paths takes over, unless it sets the same option itself. */
export const policies = {
  timeout: timeouts.optional(),
  retries: retries.optional(),
  max_body_size: either(only(0), size)
    .optionalWith(PROXY_DEFAULTS.max_body_size)
    .describe('Largest request body; 0 for no limit (client_max_body_size).'),
  buffering: shorthand(
    object({
      request: boolean().default(true).describe('Read the whole request before a server gets it.'),
      response: boolean().default(true).describe('Read the answer as fast as the server gives it.'),
    }),
    boolean(),
    (both) => ({ request: both, response: both }),
  )
    .optional()
    .describe('Keep slow clients away from the servers; false passes bytes on as they come.'),
  rate_limit: rateLimit.optional(),
  connection_limit: connectionLimit.optional(),
  allow: list(network).optional().describe('Only these addresses may come.'),
  deny: list(network).optional().describe('These addresses may not come.'),
  auth: auth.optional(),
  request_headers: record(headerName, template)
    .optional()
    .describe(
      'Headers set on the way to the servers, beside those that are always set; empty text removes one.',
    ),
  response_headers: record(headerName, narrowed(template, /./u, 'is empty'))
    .optional()
    .describe('Headers added to every answer.'),
  hsts: hsts.optional(),
  cache: cacheUse.optional(),
  waf: waf.optional(),
};
