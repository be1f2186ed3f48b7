import { narrowed, number, boolean, only, choice } from '../shape/scalars.ts';
import { object, list, either, shorthand } from '../shape/containers.ts';
import { discover } from './discovery.ts';
import { cookieName, duration, file, line, serverAddress, size, snippet } from './values.ts';

/** A server in its long form. */
export const longServer = object({
  address: serverAddress.describe('Address and port, such as 10.0.0.11:8080.'),
  weight: number(1, 65535).default(1).describe('Share of the traffic, relative to the other servers.'),
  max_conns: number(1, 1000000).optional().describe('Most connections at a time; no limit when left out.'),
  max_fails: number(0, 1000)
    .optional()
    .describe(
      'Failed attempts within fail_timeout after which the server rests for that long; 0 never rests it.',
    ),
  fail_timeout: duration.optional().describe('Window for max_fails, and how long the server rests.'),
  backup: boolean().optional().describe('Gets traffic only when all others are unavailable.'),
  down: boolean().optional().describe('Marked as permanently unavailable.'),
  resolve: boolean()
    .optional()
    .describe(
      'Follow changes of the DNS record without a reload (NGINX 1.27.3 or Plus); needs nginx.resolver.',
    ),
  slow_start: duration.optional().describe('Time to ramp up to the full weight after recovery (NGINX Plus).'),
});

const server = shorthand(longServer, serverAddress, (address) => ({ address })).describe(
  'A server of the pool.',
);

const balance = either(
  choice(['round_robin', 'least_conn', 'ip_hash', 'random', 'least_time']),
  object({
    hash: line.describe('Key: text with NGINX variables, such as $request_uri or $cookie_user.'),
    consistent: boolean().default(true).describe('Ketama hashing: a server added or removed moves few keys.'),
  }),
)
  .default('round_robin')
  .describe(
    'How a server is chosen: round_robin, least_conn, ip_hash, random (two at random, then the one with fewer connections), least_time (NGINX 1.31.0 or Plus), or by the hash of a key.',
  );

const health = object({
  path: narrowed(line, /^\//u, 'must start with /')
    .optional()
    .describe('Path that answers 2xx or 3xx on a healthy server; probed by lbctl status.'),
  max_fails: number(0, 1000)
    .default(3)
    .describe('Failed attempts after which a server rests; 0 never rests it.'),
  fail_timeout: duration.default('10s').describe('Window for max_fails, and how long a failed server rests.'),
  active: object({
    interval: duration.default('5s').describe('Time between two checks.'),
    fails: number(1, 1000).default(3).describe('Failed checks after which a server is unhealthy.'),
    passes: number(1, 1000).default(2).describe('Passed checks after which it is healthy again.'),
  })
    .optional()
    .describe('NGINX asks the servers by itself, without waiting for traffic to fail (NGINX Plus).'),
})
  .default({})
  .describe('How failing servers are noticed.');

const keepalive = either(
  only(false),
  shorthand(
    object({
      connections: number(1, 100000).default(128).describe('Idle connections kept open, per worker process.'),
      requests: number(1, 10000000)
        .default(1000)
        .describe('Requests over one connection before it is closed.'),
      timeout: duration
        .default('60s')
        .describe('How long an idle connection is kept; keep it below what the servers allow.'),
    }),
    number(1, 100000),
    (connections) => ({ connections }),
  ),
)
  .default({})
  .describe('Connections to the servers that are kept open between requests; false opens one a request.');

const longTls = object({
  verify: boolean().default(true).describe('Check the certificate of the server.'),
  ca: file.optional().describe("Authorities to trust, in PEM form; the system's when left out."),
  name: narrowed(line, /^[A-Za-z0-9._-]+$/u, 'must be a host name')
    .optional()
    .describe(
      'Host name that is asked for and that the certificate must hold; left out, the one that all servers share.',
    ),
  certificate: file.optional().describe('Certificate to present to the servers.'),
  key: file.optional().describe('Its key.'),
});

const tls = either(
  only(false),
  shorthand(longTls, only(true), () => ({})),
)
  .default(false)
  .describe('Speak TLS to the servers, and check who they are.');

const sticky = shorthand(
  object({
    cookie: cookieName.describe('Name of the cookie.'),
    expires: duration.optional().describe('How long the browser keeps it; until it is closed when left out.'),
    domain: narrowed(line, /^[A-Za-z0-9.-]+$/u, 'must be a domain')
      .optional()
      .describe('Domain that the cookie is for.'),
    path: narrowed(line, /^\/[^\s;,"'\\$]*$/u, 'must be a path')
      .default('/')
      .describe('Path that the cookie is for.'),
    secure: boolean().default(false).describe('Sent over https alone.'),
  }),
  cookieName.instead((value) => (typeof value === 'boolean' ? 'name the cookie: sticky: route' : undefined)),
  (cookie) => ({ cookie }),
).describe(
  'Send a client back to the server that it met first, by a cookie. Native from NGINX 1.29.6 and in Plus; on older targets by a consistent hash of a random cookie, which goes with round_robin alone.',
);

const pool = object({
  servers: list(server, 'needs at least one server')
    .orElse([])
    .describe('The servers of the pool; they are found instead where there is discover.'),
  discover: discover.optional(),
  balance,
  zone: size
    .default('64k')
    .describe('Shared memory, so that all worker processes agree on the state of the servers.'),
  protocol: choice(['http', 'grpc']).default('http').describe('What the servers speak to a route.'),
  health,
  keepalive,
  tls,
  sticky: sticky.optional(),
  snippet: snippet.optional().describe('Raw NGINX directives for this upstream block.'),
});

export const upstream = shorthand(pool, list(server, 'needs at least one server'), (servers) => ({
  servers,
})).describe('A pool of servers; a plain list of addresses is the short form.');
