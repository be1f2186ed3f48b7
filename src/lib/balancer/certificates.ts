import { listenersOf, protocolOf } from './protocol.ts';
import type { Balancer, Listener } from './schema/balancer.ts';

type Acme = NonNullable<NonNullable<Listener['tls']>['acme']>;

/** A certificate that nodes get for themselves. */
export interface Managed {
  /** Name of the listener that shows it, by which it is known on nodes. */
  readonly name: string;
  readonly listener: Listener;
  readonly acme: Acme;
  /** In small letters, each once. */
  readonly hosts: readonly string[];
}

/** Port on which authorities ask for answers to http-01; no other one is possible. */
export const CHALLENGE_PORT = 80;

/** Certificates that nodes get for themselves, one a listener. */
export function managedCertificates(balancer: Balancer): Managed[] {
  return Object.entries(balancer.listeners).flatMap(([name, listener]) => {
    const acme = listener.tls?.acme;
    if (!acme) return [];
    const routed = balancer.routes.flatMap((route) =>
      !route.tls && listenersOf(route, balancer).includes(name) ? (route.host ?? []) : [],
    );
    const hosts = new Set((acme.hosts ?? routed).map((host) => host.toLowerCase()));
    return [{ name, listener, acme, hosts: [...hosts] }];
  });
}

/** Whether a listener is the one that authorities ask for answers to challenges. */
export function answersChallenges(balancer: Balancer, listener: Listener): boolean {
  return (
    listener.port === CHALLENGE_PORT &&
    protocolOf(listener) === 'http' &&
    managedCertificates(balancer).some(({ acme }) => acme.challenge === 'http-01')
  );
}
