import * as z from 'zod';
import { PROXY_DEFAULTS } from '../defaults.ts';
import { shorthand } from './shorthand.ts';
import { absolutePath, duration, file, headerName, line, name, network, rate, size } from './values.ts';

/** Text in which `$name` stands for an NGINX variable and `$$` for a dollar sign. */
export const template = line;

const timeouts = z
  .union([
    duration.transform((time) => ({ read: time, send: time })),
    z.strictObject({
      connect: duration
        .optional()
        .describe('Longest wait for a server to accept a connection.')
        .meta({ default: PROXY_DEFAULTS.timeout.connect }),
      send: duration
        .optional()
        .describe('Longest pause between two writes of a request.')
        .meta({ default: PROXY_DEFAULTS.timeout.send }),
      read: duration
        .optional()
        .describe('Longest pause between two reads of an answer.')
        .meta({ default: PROXY_DEFAULTS.timeout.read }),
    }),
  ])
  .describe('How long to wait for the servers; one time sets read and send.');

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

const retries = z
  .union([
    z.literal(false),
    z.strictObject({
      on: z
        .array(z.enum(retryCauses))
        .min(1)
        .optional()
        .describe('What sends a request on to the next server.')
        .meta({ default: PROXY_DEFAULTS.retries.on }),
      tries: z
        .int()
        .min(1)
        .max(100)
        .optional()
        .describe('Most servers to try, the first included.')
        .meta({ default: PROXY_DEFAULTS.retries.tries }),
      timeout: duration
        .optional()
        .describe('No further try after this time.')
        .meta({ default: PROXY_DEFAULTS.retries.timeout }),
      non_idempotent: z
        .boolean()
        .optional()
        .describe(
          'Send POST, LOCK and PATCH a second time too, even if the first server may have acted on it.',
        )
        .meta({ default: PROXY_DEFAULTS.retries.non_idempotent }),
    }),
  ])
  .describe('When a request is tried on another server.');

const rateLimit = shorthand(
  z.strictObject({
    rate: rate.describe('Requests per second (20r/s) or minute (300r/m).'),
    burst: z
      .int()
      .min(0)
      .max(1000000)
      .optional()
      .describe('Requests above the rate that are let through; one second of the rate when left out.'),
    delay: z
      .boolean()
      .default(false)
      .describe('Slow the burst down to the rate instead of answering it at once.'),
    key: template.default('$binary_remote_addr').describe('What is counted: text with NGINX variables.'),
    status: z.int().min(400).max(599).default(429).describe('Status of a refused request.'),
  }),
  rate,
  (given) => ({ rate: given }),
).describe('Most requests from one client.');

const connectionLimit = shorthand(
  z.strictObject({
    connections: z.int().min(1).max(1000000).describe('Most requests in work at a time.'),
    key: template.default('$binary_remote_addr').describe('What is counted: text with NGINX variables.'),
    status: z.int().min(400).max(599).default(429).describe('Status of a refused request.'),
  }),
  z.int().min(1).max(1000000),
  (connections) => ({ connections }),
).describe('Most requests in work at a time from one client.');

/** Stands between quotes in a header. */
const realm = line.regex(/^[^"\\]+$/u, 'must not be empty or hold " or \\');

const auth = z
  .union([
    z.literal(false),
    z.strictObject({
      basic: z
        .strictObject({
          users_file: file.describe('File of names and password hashes, as htpasswd writes it.'),
          realm: realm.default('Restricted').describe('Name shown by browsers.'),
        })
        .optional()
        .describe('Name and password (auth_basic).'),
      request: z
        .strictObject({
          upstream: name.describe('Upstream that is asked.'),
          path: line
            .regex(/^\/[^\s$]*$/u, 'must start with / and hold no space or $')
            .describe('Path that is asked; 2xx lets the request pass, 401 and 403 refuse it.'),
        })
        .optional()
        .describe('Ask another service about each request (auth_request).'),
      jwt: z
        .strictObject({
          key_file: file.describe('Keys in JSON Web Key Set form.'),
          realm: realm.default('Restricted').describe('Name of the protected space.'),
        })
        .optional()
        .describe('Signed tokens (auth_jwt, NGINX Plus).'),
    }),
  ])
  .describe('Who may come in; false lifts what the route asks for.');

const cacheUse = shorthand(
  z.strictObject({
    zone: name.describe('One of the caches of this file.'),
    key: template
      .default('$scheme$request_method$host$request_uri')
      .describe('What tells two answers apart.'),
    valid: z
      .record(z.string().regex(/^([1-5]\d\d|any)$/u, 'must be a status such as 200, or any'), duration)
      .default({ '200': '10m', '301': '10m' })
      .describe('How long an answer is good for by status, where the server does not say.'),
    stale: z
      .boolean()
      .default(true)
      .describe('Give an old answer while a new one is fetched or no server answers.'),
    lock: z
      .boolean()
      .default(true)
      .describe('Of several requests for the same missing answer, only one goes to a server.'),
    bypass: z
      .array(template)
      .default([])
      .describe('Variables; where one is neither empty nor 0, the cache is passed by.'),
  }),
  name,
  (zone) => ({ zone }),
).describe('Keep answers and give them again.');

const hsts = shorthand(
  z.strictObject({
    max_age: z.int().min(0).max(63072000).default(63072000).describe('Seconds.'),
    include_subdomains: z.boolean().default(false).describe('For all names below too.'),
    preload: z.boolean().default(false).describe('Consent to be built into browsers.'),
  }),
  z.literal(true),
  () => ({}),
).describe('Tell browsers to come by https alone (Strict-Transport-Security); sent over https alone.');

const waf = shorthand(
  z.strictObject({
    on: z.boolean().default(true).describe('Whether requests are inspected.'),
    rules: absolutePath.default('/etc/nginx/modsecurity_includes.conf').describe('Rules file on the node.'),
  }),
  z.boolean(),
  (on) => ({ on }),
).describe('Inspect requests with ModSecurity and the OWASP core rules; needs the module modsecurity.');

/** Options of a route that each of its paths takes over, unless it sets the same option itself. */
export const policies = {
  timeout: timeouts.optional(),
  retries: retries.optional(),
  max_body_size: z
    .union([z.literal(0), size])
    .optional()
    .describe('Largest request body; 0 for no limit (client_max_body_size).')
    .meta({ default: PROXY_DEFAULTS.max_body_size }),
  buffering: shorthand(
    z.strictObject({
      request: z.boolean().default(true).describe('Read the whole request before a server gets it.'),
      response: z.boolean().default(true).describe('Read the answer as fast as the server gives it.'),
    }),
    z.boolean(),
    (both) => ({ request: both, response: both }),
  )
    .optional()
    .describe('Keep slow clients away from the servers; false passes bytes on as they come.'),
  rate_limit: rateLimit.optional(),
  connection_limit: connectionLimit.optional(),
  allow: z.array(network).optional().describe('Only these addresses may come.'),
  deny: z.array(network).optional().describe('These addresses may not come.'),
  auth: auth.optional(),
  request_headers: z
    .record(headerName, template)
    .optional()
    .describe(
      'Headers set on the way to the servers, beside those that are always set; empty text removes one.',
    ),
  response_headers: z
    .record(headerName, template.min(1, 'is empty'))
    .optional()
    .describe('Headers added to every answer.'),
  hsts: hsts.optional(),
  cache: cacheUse.optional(),
  waf: waf.optional(),
};
