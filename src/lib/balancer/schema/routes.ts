import { text, narrowed, number, boolean, choice } from '../shape/scalars.ts';
import { object, record, list, shorthand } from '../shape/containers.ts';
import { certificate } from './listeners.ts';
import { policies, template } from './policies.ts';
import {
  absolutePath,
  cookieName,
  file,
  headerName,
  hostName,
  line,
  lines,
  name,
  snippet,
} from './values.ts';

const redirect = shorthand(
  object({
    to: template.describe('Address or path; may hold NGINX variables, and $1, $2 of a regular expression.'),
    status: choice([301, 302, 303, 307, 308]).default(302).describe('Status of the redirect.'),
  }),
  template,
  (to) => ({ to }),
).describe('Send clients elsewhere.');

const respond = shorthand(
  object({
    status: number(200, 599).default(200).describe('Status of the answer.'),
    body: lines.default('').describe('Body; may hold NGINX variables.'),
    content_type: narrowed(
      line,
      /^[a-z0-9.+-]+\/[a-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?$/u,
      'must be a media type such as text/plain',
    )
      .default('text/plain')
      .describe('Media type of the body.'),
  }),
  number(200, 599, { message: 'must be a status from 200 to 599' }),
  (status) => ({ status }),
).describe('Answer without asking a server.');

const staticFiles = shorthand(
  object({
    root: absolutePath.describe('Folder on the node in which the path of the request is looked up.'),
    index: narrowed(line, /^[A-Za-z0-9._-]+$/u, 'must be a file name')
      .default('index.html')
      .describe('File for a path that ends in /.'),
    fallback: narrowed(line, /^\/[^\s$"'\\;{}]*$/u, 'must be a path')
      .optional()
      .describe(
        'Path that is looked for in its place, among all paths of the route, where there is no such file, such as /index.html for a single-page application.',
      ),
  }),
  absolutePath,
  (root) => ({ root }),
).describe('Files of a folder.');

const METHOD = text(/^[A-Z]{1,20}$/u, 'must be a method such as POST');

const condition = object({
  header: record(headerName, line)
    .optional()
    .describe('Headers and their values; * for any value. Compared without regard to case.'),
  cookie: record(cookieName, line)
    .optional()
    .describe('Cookies and their values; * for any value. Compared without regard to case.'),
  method: shorthand(list(METHOD, 'is empty'), METHOD, (method) => [method])
    .optional()
    .describe('One method or several.'),
  upstream: name.describe('Upstream for requests that meet all of it.'),
}).describe('An exception: all that is named must hold. The first that does decides.');

const mirror = shorthand(
  object({
    upstream: name.describe('Upstream that gets the copies.'),
    body: boolean().default(true).describe('Copy the body too.'),
  }),
  name,
  (upstream) => ({ upstream }),
).describe('Send a copy of each request to another upstream and forget its answer.');

const split = object({
  upstreams: record(name, number(0.01, 1000000, { whole: false })).describe('Upstreams and their weights.'),
  key: template
    .default('$request_id')
    .describe(
      'What decides; $remote_addr keeps each client on one side. By default every request is drawn anew.',
    ),
}).describe('Divide the requests among several upstreams by weight.');

const signedLinks = object({
  secret_file: file.describe(
    'File whose first line is the secret; it is kept out of everything that lbctl prints.',
  ),
}).describe(
  'Serve only links signed with md5(expires + path + space + secret), base64url, in the arguments md5 and expires (secure_link).',
);

/** Where keys belong that are looked for in a path. */
function belongsElsewhere(key: string): string | undefined {
  if (UPSTREAM_KEYS.has(key))
    return `${key} belongs to the upstream: upstreams: { web: { servers: […], ${key}: … } }`;
  return key === 'host' || key === 'listeners' || key === 'tls'
    ? `${key} belongs to the route, beside paths`
    : undefined;
}

const UPSTREAM_KEYS = new Set(['servers', 'health', 'sticky', 'balance', 'keepalive', 'discover', 'zone']);

const pathOptions = object(
  {
    upstream: name.optional().describe('Upstream that serves the path.'),
    split: split.optional(),
    redirect: redirect.optional(),
    respond: respond.optional(),
    static: staticFiles.optional(),
    when: list(condition, 'needs at least one condition')
      .optional()
      .describe('Exceptions by header, cookie or method.'),
    rewrite: record(line, template)
      .optional()
      .describe('Regular expressions on the path and what it becomes; the first that matches decides.'),
    websocket: boolean().default(false).describe('Let clients upgrade to WebSocket.'),
    mirror: mirror.optional(),
    signed_links: signedLinks.optional(),
    ...policies,
    snippet: snippet.optional().describe('Raw NGINX directives for this location block.'),
  },
  belongsElsewhere,
);

const path = shorthand(pathOptions, name, (upstream) => ({ upstream })).describe(
  'What happens to requests for this path; the name of an upstream is the short form.',
);

export const route = object(
  {
    host: shorthand(list(hostName, 'needs at least one name'), hostName, (host) => [host])
      .optional()
      .describe('Host name or names; left out, the route takes every host that no other route names.'),
    listeners: list(name, 'needs at least one listener')
      .optional()
      .describe('Listeners that serve the route; by default all http and https listeners.'),
    tls: certificate.optional().describe('Certificate for these hosts, instead of that of the listener.'),
    ...policies,
    paths: record(text(), path).describe(
      'What happens by path, in the notation of location: /prefix/, = /exact, ^~ /prefix, ~ regex, ~* regex without regard to case.',
    ),
    snippet: snippet.optional().describe('Raw NGINX directives for this server block.'),
  },
  (key) => (/^(?:=|~|\^~|\/)/u.test(key) ? 'it belongs into paths; indent it further than that' : undefined),
).describe('What happens to the requests of some hosts.');
