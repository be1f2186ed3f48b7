import { createPrivateKey, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { Fault } from '../balancer/fault.ts';
import { listenersOf } from '../balancer/protocol.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';
import type { Path } from '../balancer/place.ts';
import { reasonOf } from '../errors.ts';
import { readBounded } from './bounded.ts';

interface Pair {
  readonly certificate: string;
  readonly key: string;
  /** Hosts that the certificate must be good for. */
  readonly hosts: readonly string[];
  readonly path: Path;
}

/**
 * Faults of the certificates: missing, unreadable, out of date, for other hosts, or with a key that is not theirs.
 * An absolute path names a file on the node, which may be another machine: it is looked at only if it is here too.
 * @param folder where relative paths start.
 */
export function certificateFaults(balancer: Balancer, folder: string, now = new Date()): Fault[] {
  return pairsOf(balancer).flatMap((pair) => pairFaults(pair, folder, now));
}

function pairsOf(balancer: Balancer): Pair[] {
  const { listeners, routes } = balancer;
  const ofListeners = Object.entries(listeners).flatMap(([name, { tls }]) => {
    // what nodes get for themselves is not here
    if (!tls || tls.certificate === undefined || tls.key === undefined) return [];
    const { certificate, key } = tls;
    const hosts = routes.flatMap((route) =>
      !route.tls && listenersOf(route, balancer).includes(name) ? (route.host ?? []) : [],
    );
    return [{ certificate, key, hosts, path: ['listeners', name, 'tls'] }];
  });
  const ofRoutes = routes.flatMap(({ tls, host }, index) =>
    tls
      ? [{ certificate: tls.certificate, key: tls.key, hosts: host ?? [], path: ['routes', index, 'tls'] }]
      : [],
  );
  const ofUpstreams = Object.entries(balancer.upstreams).flatMap(([name, { tls }]) =>
    tls && tls.certificate !== undefined && tls.key !== undefined
      ? [{ certificate: tls.certificate, key: tls.key, hosts: [], path: ['upstreams', name, 'tls'] }]
      : [],
  );
  return [...ofListeners, ...ofRoutes, ...ofUpstreams];
}

function pairFaults(pair: Pair, folder: string, now: Date): Fault[] {
  const path = [...pair.path, 'certificate'];
  const chain = read(folder, pair.certificate, path);
  const key = read(folder, pair.key, [...pair.path, 'key']);
  if (chain === 'elsewhere' || key === 'elsewhere') return [];
  const unread = [chain, key].flatMap((file) => ('fault' in file ? [file.fault] : []));
  if ('fault' in chain || 'fault' in key) return unread;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(chain.content);
  } catch {
    return [{ path, message: `${pair.certificate} holds no certificate in PEM form` }];
  }
  return [
    ...dateFaults(certificate, pair, path, now),
    ...hostFaults(certificate, pair, path),
    ...keyFaults(certificate, key.content, pair),
  ];
}

type FileRead = { readonly content: Buffer } | { readonly fault: Fault } | 'elsewhere';

function read(folder: string, file: string, path: Path): FileRead {
  try {
    return { content: readBounded(resolve(folder, file), file) };
  } catch (error) {
    if (file.startsWith('/')) return 'elsewhere';
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? `there is no file ${file}` : `cannot read ${file}: ${reasonOf(error)}`;
    return {
      fault: {
        path,
        message,
        hint: missing
          ? 'a relative path starts at the folder of lb.yaml; an absolute one names a file on the node'
          : undefined,
      },
    };
  }
}

function dateFaults(
  certificate: X509Certificate,
  { certificate: file }: Pair,
  path: Path,
  now: Date,
): Fault[] {
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (now > to)
    return [
      {
        path,
        message: `${file} expired on ${day(to)}`,
        hint: 'renew the certificate, then run the command again',
      },
    ];
  if (now < from)
    return [
      { path, message: `${file} is not valid before ${day(from)}`, hint: 'check the clock of this machine' },
    ];
  return [];
}

function hostFaults(certificate: X509Certificate, { certificate: file, hosts }: Pair, path: Path): Fault[] {
  // a name with a star is covered by the same name in the certificate; any other host stands for itself
  const uncovered = hosts.filter(
    (host) => certificate.checkHost(host.replace('*', 'lbctl-check')) === undefined && !host.endsWith('.*'),
  );
  if (uncovered.length === 0) return [];
  return [
    {
      path,
      message: `${file} is not for ${uncovered.join(', ')}`,
      hint: `it is for ${certificate.subjectAltName ?? certificate.subject}`,
    },
  ];
}

function keyFaults(certificate: X509Certificate, key: Buffer, pair: Pair): Fault[] {
  const path = [...pair.path, 'key'];
  try {
    if (certificate.checkPrivateKey(createPrivateKey(key))) return [];
    return [{ path, message: `${pair.key} is the key of another certificate than ${pair.certificate}` }];
  } catch (error) {
    const locked = (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
    const message = locked
      ? `${pair.key} is locked with a pass phrase, which NGINX cannot ask for`
      : `${pair.key} holds no private key in PEM form`;
    return [{ path, message, hint: locked ? `openssl pkey -in ${pair.key} -out unlocked.pem` : undefined }];
  }
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
