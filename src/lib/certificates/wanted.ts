import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { managedCertificates } from '../balancer/certificates.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';
import { UserError } from '../errors.ts';

/** A certificate that each node is to get for itself. */
export interface Wanted {
  /** Listener that shows it. */
  readonly name: string;
  readonly hosts: readonly string[];
  readonly email: string;
  /** Address of the directory of the authority. */
  readonly directory: string;
  /** `ecdsa` or `rsa`; null where it does not matter. */
  readonly keyType: string | null;
  /** Hosted zone of Route 53 that holds the answers to challenges; null where port 80 does. */
  readonly zone: string | null;
  /** Access keys for the zone; null where the instance has a role, or none are needed. */
  readonly credentials: Credentials | null;
  /** Address and port at which a node asks its own NGINX for it; null where it cannot. */
  readonly at: string | null;
  /** Port that clients come to. */
  readonly port: number;
}

const DIRECTORIES: Readonly<Record<string, string>> = {
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/** A file that comes to nodes; only its digest is compared. */
interface Credentials {
  /** SHA-256 of the content. */
  readonly digest: string;
  /** Out of sight of who prints objects. */
  content(): Uint8Array;
}

/**
 * What the nodes of a balancer are to get.
 * @param folder where relative paths start.
 * @throws UserError `input` where credentials cannot be read.
 */
export function wantedCertificates(balancer: Balancer, folder: string): Wanted[] {
  return managedCertificates(balancer).map(({ name, listener, acme, hosts }) => ({
    name,
    hosts,
    email: acme.email,
    directory: DIRECTORIES[acme.directory] ?? acme.directory,
    keyType: acme.key_type ?? null,
    zone: acme.challenge === 'dns-01' ? (acme.zone ?? null) : null,
    credentials: acme.credentials === undefined ? null : readCredentials(resolve(folder, acme.credentials)),
    // nothing on nodes speaks TLS behind the PROXY protocol
    at: listener.proxy_protocol ? null : `${listener.address ?? '127.0.0.1'}:${listener.port}`,
    port: listener.port,
  }));
}

function readCredentials(file: string): Credentials {
  let content: Uint8Array;
  try {
    content = readFileSync(file);
  } catch (cause) {
    throw new UserError('input', 'unreadable-file', `cannot read ${file}: ${(cause as Error).message}`, {
      hint: 'relative paths start at the folder of lb.yaml',
      cause,
    });
  }
  if (!/^\s*aws_access_key_id\s*=\s*\S+\s*$/mu.test(Buffer.from(content).toString('utf8')))
    throw new UserError('input', 'no-credentials', `${file} holds no aws_access_key_id`, {
      hint: 'it has the form of ~/.aws/credentials: aws_access_key_id = …, aws_secret_access_key = …',
    });
  return { digest: createHash('sha256').update(content).digest('hex'), content: () => content };
}

/** The authority of a directory, for people. */
export function authorityOf(directory: string): string {
  return Object.entries(DIRECTORIES).find(([, address]) => address === directory)?.[0] ?? directory;
}
