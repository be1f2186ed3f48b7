import { boolean, choice, narrowed, number, only, text } from '../shape/scalars.ts';
import { object, record, list, either, shorthand } from '../shape/containers.ts';
import { STREAM_DEFAULTS } from '../defaults.ts';
import {
  bindAddress,
  duration,
  file,
  hostName,
  line,
  name,
  network,
  ownFile,
  port,
  snippet,
} from './values.ts';

const certificateFields = {
  certificate: file.describe(
    'Certificate chain in PEM form, the server certificate first (ssl_certificate).',
  ),
  key: file.describe('Private key in PEM form (ssl_certificate_key).'),
};

export const certificate = object(certificateFields).describe('A certificate and its key.');

export const acmeEmail = narrowed(
  line,
  /^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/u,
  'must be an e-mail address',
);

export const hostedZoneId = narrowed(
  line,
  /^Z[A-Z0-9]{1,31}$/u,
  'must be the ID of a hosted zone, such as Z0123456789ABCDEFGHIJ',
);

const acme = object({
  email: acmeEmail.describe('Address of the account with the authority.'),
  challenge: choice(['http-01', 'dns-01'])
    .default('http-01')
    .describe(
      'How the authority is shown that the hosts are ours: http-01 is a file that it fetches on port 80, dns-01 a record in a zone of Route 53, which takes "zone".',
    ),
  zone: hostedZoneId.optional().describe('Hosted zone of Route 53 that the hosts are in (dns-01).'),
  credentials: ownFile
    .optional()
    .describe(
      'Access keys for that zone in the form of ~/.aws/credentials, brought to the nodes; the role of the instance when left out (dns-01).',
    ),
  directory: narrowed(
    line,
    /^(letsencrypt|letsencrypt-staging|https:\/\/[^\s"'$\\]+)$/u,
    'must be letsencrypt, letsencrypt-staging or the https address of an ACME directory',
  )
    .default('letsencrypt')
    .describe(
      'The authority. letsencrypt-staging tries everything out: no browser trusts its certificates, and it bears many more orders.',
    ),
  hosts: list(hostName, 'is empty')
    .optional()
    .describe('Hosts of the certificate; those of the routes that the listener serves when left out.'),
  key_type: choice(['ecdsa', 'rsa'])
    .optional()
    .describe('Kind of the key; what the certbot of the node makes when left out.'),
}).describe(
  "A certificate that each node gets and renews for itself, from an authority that speaks ACME, such as Let's Encrypt.",
);

export const acmCertificate = text(
  /^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/u,
  'must be the ARN of a certificate of ACM such as arn:aws:acm:eu-west-1:111122223333:certificate/0f3c…',
);

const tls = object({
  certificate: certificateFields.certificate.optional(),
  key: certificateFields.key.optional(),
  acme: acme.optional(),
  acm: shorthand(list(acmCertificate, 'is empty'), acmCertificate, (one) => [one])
    .optional()
    .describe(
      'Certificates of AWS Certificate Manager, with which the Network Load Balancer ends TLS (provider ec2); the first of a Region is the one for clients that name no host.',
    ),
  profile: choice(['intermediate', 'modern'])
    .default('intermediate')
    .describe(
      "Mozilla's recommended protocols and ciphers: intermediate is TLS 1.2 and 1.3, modern is TLS 1.3 alone.",
    ),
}).describe('TLS of this listener: the certificate that is sent where a route names none of its own.');

const proxyProtocol = object({
  trusted: list(network, 'needs at least one range').describe(
    'Addresses of the balancers in front, whose word about the client address is taken (set_real_ip_from).',
  ),
}).describe('Expect the PROXY protocol on every connection, as an NLB with proxy_protocol_v2 sends it.');

const redirect = shorthand(
  object({
    to: name.describe('Name of the listener to send clients to.'),
    status: choice([301, 302, 307, 308]).default(301).describe('Status of the redirect.'),
  }),
  name,
  (to) => ({ to }),
).describe('Answer every request with a redirect to the same address on another listener, usually https.');

export const listener = object({
  port: port.describe('Port to listen on.'),
  address: bindAddress.optional().describe('Address to listen on; all IPv4 addresses when left out.'),
  ipv6: boolean().default(false).describe('Listen on the same port of all IPv6 addresses too.'),
  protocol: choice(['http', 'https', 'tcp', 'udp', 'tls_passthrough'])
    .optional()
    .describe(
      'What is spoken: http (the default), https (the default where tls is given), tcp and udp (handed to one upstream), or tls_passthrough (handed on by the requested host name, without decrypting; the default where sni is given).',
    ),
  tls: tls.optional(),
  http2: boolean()
    .optional()
    .describe('HTTP/2: on by default for https; on plain http it means HTTP/2 without TLS alone.'),
  redirect: redirect.optional(),
  proxy_protocol: proxyProtocol.optional(),
  upstream: name.optional().describe('Upstream that gets the connections (tcp and udp).'),
  sni: record(either(only('*'), hostName), name)
    .optional()
    .describe(
      'Upstream by requested host name (tls_passthrough). The host name * takes what no other line names.',
    ),
  timeout: duration
    .optionalWith(STREAM_DEFAULTS.timeout)
    .describe(
      'Longest silence on a tcp, udp or tls_passthrough connection before it is closed (proxy_timeout).',
    ),
  connect_timeout: duration
    .optionalWith(STREAM_DEFAULTS.connect_timeout)
    .describe(
      'Longest wait for a server of the upstream to accept a connection (tcp, udp, tls_passthrough).',
    ),
  send_proxy_protocol: boolean()
    .optional()
    .describe(
      'Tell the servers of the upstream the client address by the PROXY protocol (tcp, tls_passthrough).',
    ),
  responses: number(0, 1000000)
    .optional()
    .describe('Datagrams expected in answer to one (udp, proxy_responses); 0 for none.'),
  allow: list(network).optional().describe('Only these addresses may connect (tcp, udp, tls_passthrough).'),
  deny: list(network).optional().describe('These addresses may not connect (tcp, udp, tls_passthrough).'),
  connection_limit: number(1, 1000000)
    .optional()
    .describe('Most connections at a time from one address (tcp, udp, tls_passthrough).'),
  snippet: snippet
    .optional()
    .describe('Raw NGINX directives for the server block of this listener (tcp, udp, tls_passthrough).'),
}).describe('A port that clients connect to.');
