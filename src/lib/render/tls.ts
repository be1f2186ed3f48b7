import { type BuiltStatement, comment, directive, from, groups, type Origin } from '../nginx/build.ts';
import type { Listener } from '../balancer/schema/balancer.ts';
import { assetPath, type Context, ownPath } from './context.ts';
import { type TreeFile, treeFile } from './tree.ts';

type Profile = NonNullable<Listener['tls']>['profile'];

/** A certificate and its key. */
interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** Source: Mozilla's server side TLS guidelines, version 5.7. */
const INTERMEDIATE_CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** Protocols and ciphers, as a file that every server block with TLS includes. */
export function tlsProfile(profile: Profile, module: 'http' | 'stream'): TreeFile {
  const ciphers =
    profile === 'modern'
      ? [directive('ssl_protocols', 'TLSv1.3')]
      : [directive('ssl_protocols', 'TLSv1.2', 'TLSv1.3'), directive('ssl_ciphers', INTERMEDIATE_CIPHERS)];
  const statements = groups(
    [comment(`Mozilla's ${profile} profile.`), ...ciphers],
    [
      directive('ssl_session_timeout', '1d'),
      directive('ssl_session_cache', `shared:${module}_tls:10m`),
      comment('Tickets would let one stolen key open past connections.'),
      directive('ssl_session_tickets', 'off'),
    ],
  );
  return treeFile(profilePath(profile, module), statements);
}

/** A pair of files that lb.yaml names, as NGINX knows it. */
export function broughtPair(context: Context, { certificate, key }: Pair): Pair {
  return {
    certificate: assetPath(context, 'tls', certificate, false),
    key: assetPath(context, 'tls', key, true),
  };
}

/** The pair of a listener: files that lb.yaml names, or what the node gets for itself. */
export function listenerPair(context: Context, name: string, tls: NonNullable<Listener['tls']>): Pair {
  const { certificate, key } = tls;
  if (certificate !== undefined && key !== undefined) return broughtPair(context, { certificate, key });
  const folder = `${context.layout.certificates}/${name}/current`;
  return { certificate: `${folder}/fullchain.pem`, key: `${folder}/privkey.pem` };
}

function profilePath(profile: Profile, module: 'http' | 'stream'): string {
  return `tls/${module}-${profile}.conf`;
}

/** Certificate and profile of a server block. */
export function serverCertificate(
  context: Context,
  { certificate, key }: Pair,
  profile: Profile,
  module: 'http' | 'stream',
  path: Origin['path'],
): BuiltStatement[] {
  return from(path, [
    directive('ssl_certificate', certificate),
    directive('ssl_certificate_key', key),
    directive('include', ownPath(context, profilePath(profile, module))),
  ]);
}
