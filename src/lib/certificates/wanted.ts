import { managedCertificates } from '../balancer/certificates.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';

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
  /** Address and port at which a node asks its own NGINX for it; null where it cannot. */
  readonly at: string | null;
  /** Port that clients come to. */
  readonly port: number;
}

const DIRECTORIES: Readonly<Record<string, string>> = {
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/** What the nodes of a balancer are to get. */
export function wantedCertificates(balancer: Balancer): Wanted[] {
  return managedCertificates(balancer).map(({ name, listener, acme, hosts }) => ({
    name,
    hosts,
    email: acme.email,
    directory: DIRECTORIES[acme.directory] ?? acme.directory,
    keyType: acme.key_type ?? null,
    // nothing on nodes speaks TLS behind the PROXY protocol
    at: listener.proxy_protocol ? null : `${listener.address ?? '127.0.0.1'}:${listener.port}`,
    port: listener.port,
  }));
}

/** The authority of a directory, for people. */
export function authorityOf(directory: string): string {
  return Object.entries(DIRECTORIES).find(([, address]) => address === directory)?.[0] ?? directory;
}
