import * as z from 'zod';
import { shorthand } from './shorthand.ts';
import { cookieName, duration, file, line, serverAddress, size, snippet } from './values.ts';

const longServer = z.strictObject({
  address: serverAddress.describe('Address and port, such as 10.0.0.11:8080.'),
  weight: z
    .int()
    .min(1)
    .max(65535)
    .default(1)
    .describe('Share of the traffic, relative to the other servers.'),
  max_conns: z
    .int()
    .min(1)
    .max(1000000)
    .optional()
    .describe('Most connections at a time; no limit when left out.'),
  max_fails: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe(
      'Failed attempts within fail_timeout after which the server rests for that long; 0 never rests it.',
    ),
  fail_timeout: duration.optional().describe('Window for max_fails, and how long the server rests.'),
  backup: z.boolean().optional().describe('Gets traffic only when all others are unavailable.'),
  down: z.boolean().optional().describe('Marked as permanently unavailable.'),
  resolve: z
    .boolean()
    .optional()
    .describe(
      'Follow changes of the DNS record without a reload (NGINX 1.27.3 or Plus); needs nginx.resolver.',
    ),
  slow_start: duration.optional().describe('Time to ramp up to the full weight after recovery (NGINX Plus).'),
});

const server = shorthand(longServer, serverAddress, (address) => ({ address })).describe(
  'A server of the pool.',
);

const balance = z
  .union([
    z.enum(['round_robin', 'least_conn', 'ip_hash', 'random', 'least_time']),
    z.strictObject({
      hash: line.describe('Key: text with NGINX variables, such as $request_uri or $cookie_user.'),
      consistent: z
        .boolean()
        .default(true)
        .describe('Ketama hashing: a server added or removed moves few keys.'),
    }),
  ])
  .default('round_robin')
  .describe(
    'How a server is chosen: round_robin, least_conn, ip_hash, random (two at random, then the one with fewer connections), least_time (NGINX 1.31.0 or Plus), or by the hash of a key.',
  );

const health = z
  .strictObject({
    path: line
      .regex(/^\//u, 'must start with /')
      .optional()
      .describe('Path that answers 2xx or 3xx on a healthy server; probed by lbctl status.'),
    max_fails: z
      .int()
      .min(0)
      .max(1000)
      .default(3)
      .describe('Failed attempts after which a server rests; 0 never rests it.'),
    fail_timeout: duration
      .default('10s')
      .describe('Window for max_fails, and how long a failed server rests.'),
    active: z
      .strictObject({
        interval: duration.default('5s').describe('Time between two checks.'),
        fails: z
          .int()
          .min(1)
          .max(1000)
          .default(3)
          .describe('Failed checks after which a server is unhealthy.'),
        passes: z
          .int()
          .min(1)
          .max(1000)
          .default(2)
          .describe('Passed checks after which it is healthy again.'),
      })
      .optional()
      .describe('NGINX asks the servers by itself, without waiting for traffic to fail (NGINX Plus).'),
  })
  .prefault({})
  .describe('How failing servers are noticed.');

const keepalive = z
  .union([
    z.literal(false),
    shorthand(
      z.strictObject({
        connections: z
          .int()
          .min(1)
          .max(100000)
          .default(64)
          .describe('Idle connections kept open, per worker process.'),
        requests: z
          .int()
          .min(1)
          .max(10000000)
          .default(1000)
          .describe('Requests over one connection before it is closed.'),
        timeout: duration
          .default('60s')
          .describe('How long an idle connection is kept; keep it below what the servers allow.'),
      }),
      z.int().min(1).max(100000),
      (connections) => ({ connections }),
    ),
  ])
  .prefault({})
  .describe('Connections to the servers that are kept open between requests; false opens one a request.');

const longTls = z.strictObject({
  verify: z.boolean().default(true).describe('Check the certificate of the server.'),
  ca: file.optional().describe("Authorities to trust, in PEM form; the system's when left out."),
  name: line
    .regex(/^[A-Za-z0-9._-]+$/u, 'must be a host name')
    .optional()
    .describe('Name asked for and expected in the certificate; the host name of the request when left out.'),
  certificate: file.optional().describe('Certificate to present to the servers.'),
  key: file.optional().describe('Its key.'),
});

const tls = z
  .union([z.literal(false), shorthand(longTls, z.literal(true), () => ({}))])
  .default(false)
  .describe('Speak TLS to the servers, and check who they are.');

const sticky = shorthand(
  z.strictObject({
    cookie: cookieName.describe('Name of the cookie.'),
    expires: duration.optional().describe('How long the browser keeps it; until it is closed when left out.'),
    domain: line
      .regex(/^[A-Za-z0-9.-]+$/u, 'must be a domain')
      .optional()
      .describe('Domain that the cookie is for.'),
    path: line
      .regex(/^\/[^\s;,"'\\$]*$/u, 'must be a path')
      .default('/')
      .describe('Path that the cookie is for.'),
    secure: z.boolean().default(false).describe('Sent over https alone.'),
  }),
  cookieName,
  (cookie) => ({ cookie }),
).describe(
  'Send a client back to the server that it met first, by a cookie. Native from NGINX 1.29.6 and in Plus; on older targets by a consistent hash of a random cookie, which goes with round_robin alone.',
);

const pool = z.strictObject({
  servers: z.array(server).min(1, 'needs at least one server').describe('The servers of the pool.'),
  balance,
  zone: size
    .default('64k')
    .describe('Shared memory, so that all worker processes agree on the state of the servers.'),
  protocol: z.enum(['http', 'grpc']).default('http').describe('What the servers speak to a route.'),
  health,
  keepalive,
  tls,
  sticky: sticky.optional(),
  snippet: snippet.optional().describe('Raw NGINX directives for this upstream block.'),
});

export const upstream = shorthand(pool, z.array(server).min(1, 'needs at least one server'), (servers) => ({
  servers,
})).describe('A pool of servers; a plain list of addresses is the short form.');
