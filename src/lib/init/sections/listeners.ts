import { TLS_PORTS } from '../../balancer/remarks/plain.ts';
import type { Answers, Https } from '../answers.ts';
import { comment } from '../comments.ts';
import { oneOrMore, scalar } from '../scalar.ts';

/** Ports, and certificates. */
export function listenerLines({ port, https, provider }: Answers): string[] {
  const where =
    provider === 'local'
      ? ' NGINX takes them on all addresses of this machine (0.0.0.0); with address: 127.0.0.1 beside a port, this machine alone reaches it.'
      : '';
  if (!https)
    return [
      ...comment(`Ports that clients connect to.${where}`),
      'listeners:',
      '  http:',
      `    port: ${port}${provider === 'local' && port > 1023 ? ' # 80 is the usual one, and takes root' : ''}`,
      ...plainLines(port),
    ];
  return [
    ...comment(`Ports that clients connect to. Who comes by HTTP is sent on to HTTPS.${where}`),
    'listeners:',
    '  http:',
    `    port: ${port}`,
    ...plainLines(port),
    '    redirect: https',
    '  https:',
    `    port: ${https.port}`,
    '    tls:',
    ...certificateLines(https),
  ];
}

/** Who speaks HTTP where clients expect HTTPS says so. */
function plainLines(port: number): string[] {
  if (!TLS_PORTS.has(port)) return [];
  return [
    ...comment('Clients expect HTTPS there: TLS has to end in front of it.', '    '),
    '    protocol: http',
  ];
}

function certificateLines(https: Https): string[] {
  if (https.by === 'files')
    return [
      ...comment(
        'PEM files; a relative path starts here and travels along, an absolute one is a file on the node.',
        '      ',
      ),
      `      certificate: ${scalar(https.certificate)}`,
      `      key: ${scalar(https.key)}`,
    ];
  if (https.by === 'acm')
    return [
      ...comment(
        'Certificates of ACM, one of each Region: the load balancer ends TLS with them, and ACM renews its own. NGINX gets plain HTTP from it.',
        '      ',
      ),
      ...oneOrMore('      ', 'acm', https.certificates),
    ];
  const { email, zone } = https;
  return [
    ...comment(
      "Each node gets a certificate for the hosts of the routes, from Let's Encrypt, and renews it by itself.",
      '      ',
    ),
    '      acme:',
    `        email: ${scalar(email)}`,
    ...(zone === undefined
      ? []
      : [
          ...comment(
            'By a record of Route 53, as a host with a * takes it. The role of the nodes must be allowed that; elsewhere give keys: credentials: FILE',
            '        ',
          ),
          '        challenge: dns-01',
          `        zone: ${scalar(zone)}`,
        ]),
    ...comment(
      'Try it out first: this one bears many more orders, but no browser trusts its certificates.',
      '        ',
    ),
    ...comment('directory: letsencrypt-staging', '        '),
  ];
}
