import * as z from 'zod';
import { certificate } from './listeners.ts';
import { policies, template } from './policies.ts';
import { shorthand } from './shorthand.ts';
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
  z.strictObject({
    to: template.describe('Address or path; may hold NGINX variables, and $1, $2 of a regular expression.'),
    status: z.literal([301, 302, 303, 307, 308]).default(302).describe('Status of the redirect.'),
  }),
  template,
  (to) => ({ to }),
).describe('Send clients elsewhere.');

const respond = shorthand(
  z.strictObject({
    status: z.int().min(200).max(599).default(200).describe('Status of the answer.'),
    body: lines.default('').describe('Body; may hold NGINX variables.'),
    content_type: line
      .regex(
        /^[a-z0-9.+-]+\/[a-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?$/u,
        'must be a media type such as text/plain',
      )
      .default('text/plain')
      .describe('Media type of the body.'),
  }),
  z.int().min(200, 'must be a status from 200 to 599').max(599, 'must be a status from 200 to 599'),
  (status) => ({ status }),
).describe('Answer without asking a server.');

const staticFiles = shorthand(
  z.strictObject({
    root: absolutePath.describe('Folder on the node in which the path of the request is looked up.'),
    index: line
      .regex(/^[A-Za-z0-9._-]+$/u, 'must be a file name')
      .default('index.html')
      .describe('File for a path that ends in /.'),
    fallback: line
      .regex(/^\/[^\s$"'\\;{}]*$/u, 'must be a path')
      .optional()
      .describe('Path given where there is no such file, such as /index.html for a single-page application.'),
  }),
  absolutePath,
  (root) => ({ root }),
).describe('Files of a folder.');

const condition = z
  .strictObject({
    header: z
      .record(headerName, line)
      .optional()
      .describe('Headers and their values; * for any value. Compared without regard to case.'),
    cookie: z
      .record(cookieName, line)
      .optional()
      .describe('Cookies and their values; * for any value. Compared without regard to case.'),
    method: z
      .union([
        z
          .string()
          .regex(/^[A-Z]{1,20}$/u, 'must be a method such as POST')
          .transform((method) => [method]),
        z.array(z.string().regex(/^[A-Z]{1,20}$/u, 'must be a method such as POST')).min(1),
      ])
      .optional()
      .describe('One method or several.'),
    upstream: name.describe('Upstream for requests that meet all of it.'),
  })
  .describe('An exception: all that is named must hold. The first that does decides.');

const mirror = shorthand(
  z.strictObject({
    upstream: name.describe('Upstream that gets the copies.'),
    body: z.boolean().default(true).describe('Copy the body too.'),
  }),
  name,
  (upstream) => ({ upstream }),
).describe('Send a copy of each request to another upstream and forget its answer.');

const split = z
  .strictObject({
    upstreams: z
      .record(name, z.number().min(0.01, 'must be 0.01 or more').max(1000000))
      .describe('Upstreams and their weights.'),
    key: template
      .default('$request_id')
      .describe(
        'What decides; $remote_addr keeps each client on one side. By default every request is drawn anew.',
      ),
  })
  .describe('Divide the requests among several upstreams by weight.');

const signedLinks = z
  .strictObject({
    secret_file: file.describe(
      'File whose first line is the secret; it is kept out of everything that lbctl prints.',
    ),
  })
  .describe(
    'Serve only links signed with md5(expires + path + space + secret), base64url, in the arguments md5 and expires (secure_link).',
  );

const pathOptions = z.strictObject({
  upstream: name.optional().describe('Upstream that serves the path.'),
  split: split.optional(),
  redirect: redirect.optional(),
  respond: respond.optional(),
  static: staticFiles.optional(),
  when: z
    .array(condition)
    .min(1, 'needs at least one condition')
    .optional()
    .describe('Exceptions by header, cookie or method.'),
  rewrite: z
    .record(line, template)
    .optional()
    .describe('Regular expressions on the path and what it becomes; the first that matches decides.'),
  websocket: z.boolean().default(false).describe('Let clients upgrade to WebSocket.'),
  mirror: mirror.optional(),
  signed_links: signedLinks.optional(),
  ...policies,
  snippet: snippet.optional().describe('Raw NGINX directives for this location block.'),
});

const path = z
  .union([name.transform((upstream) => pathOptions.parse({ upstream })), pathOptions])
  .describe('What happens to requests for this path; the name of an upstream is the short form.');

export const route = z
  .strictObject({
    host: z
      .union([hostName.transform((host) => [host]), z.array(hostName).min(1, 'needs at least one name')])
      .optional()
      .describe('Host name or names; left out, the route takes every host that no other route names.'),
    listeners: z
      .array(name)
      .min(1, 'needs at least one listener')
      .optional()
      .describe('Listeners that serve the route; by default all http and https listeners.'),
    tls: certificate.optional().describe('Certificate for these hosts, instead of that of the listener.'),
    ...policies,
    paths: z
      .record(z.string(), path)
      .describe(
        'What happens by path, in the notation of location: /prefix/, = /exact, ^~ /prefix, ~ regex, ~* regex without regard to case.',
      ),
    snippet: snippet.optional().describe('Raw NGINX directives for this server block.'),
  })
  .describe('What happens to the requests of some hosts.');
