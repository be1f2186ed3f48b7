import { UserError } from '../errors.ts';
import { nodeFailure } from '../release/failure.ts';
import type { Node } from '../release/node/place.ts';
import { partsOf } from '../release/node/words.ts';
import type { Ran } from '../release/transports/transport.ts';
import type { Wanted } from './wanted.ts';

/** What went wrong with a certificate on a node, in the words of who knows: the authority, certbot, NGINX. */
export function certificateFailure(node: Node, ran: Ran, wanted?: Wanted): UserError {
  const [what, reason] = partsOf(ran.stdout, 'failed').at(-1) ?? [];
  if (ran.code !== 11 || what === undefined) return nodeFailure(node, ran);
  const { name } = node.transport;
  const evidence = partsOf(ran.stdout, 'evidence').flat();
  const still = wanted ? '; NGINX goes on with the certificate that it has' : '';
  return new UserError('failed', `certificate-${what}`, `${name}: ${reason}${still}`, {
    evidence,
    hint: hintFor(what, evidence.join('\n'), wanted),
  });
}

function hintFor(what: string, text: string, wanted: Wanted | undefined): string | undefined {
  const host = /^\s*Domain: (\S+)/mu.exec(text)?.[1] ?? wanted?.hosts[0] ?? '';
  switch (what) {
    case 'certbot':
      return 'install it there: sudo apt-get install certbot, or sudo dnf install certbot';
    case 'openssl':
    case 'flock':
      return `install ${what === 'flock' ? 'util-linux' : what} there`;
    case 'acme':
      return (
        KNOWN.find(([pattern]) => pattern.test(text))?.[1](host, wanted?.directory ?? '') ??
        'the log of certbot is there: sudo less /etc/lbctl/acme/certbot/logs/letsencrypt.log'
      );
    case 'shown':
      return 'another server may answer there, or NGINX serves another release: lbctl status tells';
    default:
      return undefined;
  }
}

/** Problems of authorities (RFC 8555, 6.7) and of the way there. */
const KNOWN: readonly (readonly [RegExp, (host: string, directory: string) => string])[] = [
  [
    /^\S*Error: Requesting |CERTIFICATE_VERIFY_FAILED|certificate verify failed|Max retries exceeded|NewConnectionError|Name or service not known|Temporary failure in name resolution|HTTPSConnectionPool/mu,
    (_, directory) => `the node does not reach the authority: run there: curl ${directory}`,
  ],
  [
    /rateLimited|too many (?:certificates|failed authorizations|new orders|registrations)|rate limit/iu,
    () => 'wait until the time that is named there; directory: letsencrypt-staging bears more tries',
  ],
  [
    /AccessDenied|not authorized to perform|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken/u,
    () => 'the keys of acme: { credentials: … } must be allowed the record: docs/https.md has the policy',
  ],
  [
    /\bTXT record/u,
    (host) =>
      `the zone of acme: { zone: … } may not be the one that answers for ${host}: dig NS ${host} +trace shows which does`,
  ],
  [/\bcaa\b/iu, (host) => `let the authority give certificates for the name: dig CAA ${host} shows who may`],
  [
    /Type: +dns\b|NXDOMAIN|no valid A(?:AAA)? records|DNS problem|no such host|could not resolve/iu,
    (host) =>
      `let ${host} lead to the node first: dig +short ${host} shows where it leads; then lbctl up goes on`,
  ],
  [
    /Type: +connection\b|Timeout during connect|Connection refused|connection reset/iu,
    (host) =>
      `let port 80 of the node be reached from everywhere, as its firewall or security group may forbid: curl -I http://${host}/; then lbctl up goes on`,
  ],
  [
    /Type: +unauthorized\b|Invalid response from/iu,
    (host) =>
      `another machine may answer for ${host}: dig +short ${host} shows where it leads; then lbctl up goes on`,
  ],
  [
    /rejectedIdentifier|policy forbids/iu,
    () => 'the authority gives no certificates for this name: take it out of hosts',
  ],
  [/contact|invalidEmail|unsupportedContact/u, () => 'mend the address in acme: { email: … } of lb.yaml'],
];
