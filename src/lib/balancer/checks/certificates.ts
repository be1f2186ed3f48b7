import { answersChallenges, CHALLENGE_PORT, type Managed, managedCertificates } from '../certificates.ts';
import type { Fault } from '../fault.ts';
import type { Balancer, Listener } from '../schema/balancer.ts';

/** Most hosts that Let's Encrypt puts into a certificate. */
const MOST_HOSTS = 100;

/** Faults of where a listener has its certificate from: files, or an authority, and what that takes. */
export function certificateFaultsOf(balancer: Balancer, name: string): Fault[] {
  const { tls } = balancer.listeners[name]!;
  if (!tls) return [];
  const at = ['listeners', name, 'tls'];
  if (tls.acm) return acmFaults(tls, at);
  if (tls.acme) {
    const own = (['certificate', 'key'] as const).filter((key) => tls[key] !== undefined);
    if (own.length === 0) return acmeFaults(balancer, name);
    const message = `${own[0]} and acme exclude each other: the certificate is a file, or comes from an authority`;
    return [{ path: [...at, own[0]!], part: 'key', message }];
  }
  if (tls.certificate !== undefined && tls.key !== undefined) return [];
  return [
    {
      path: at,
      part: 'key',
      message: `the tls of listener ${name} needs "certificate" and "key", or "acme"`,
      hint: 'name the files of both, or let nodes get one: acme: { email: ops@example.com }',
    },
  ];
}

function acmFaults(tls: NonNullable<Listener['tls']>, at: readonly string[]): Fault[] {
  return (['certificate', 'key', 'acme'] as const)
    .filter((key) => tls[key] !== undefined)
    .map((key) => ({
      path: [...at, key],
      part: 'key',
      message: `${key} and acm exclude each other: TLS ends at the load balancer, or at NGINX`,
    }));
}

function acmeFaults(balancer: Balancer, name: string): Fault[] {
  const at = ['listeners', name, 'tls', 'acme'];
  const { acme, hosts } = managedCertificates(balancer).find((managed) => managed.name === name)!;
  if (hosts.length === 0) {
    const hint = 'name them: hosts: [shop.example.com]';
    return [
      {
        path: at,
        part: 'key',
        message: `no route of listener ${name} names a host, and a certificate is for hosts`,
        hint,
      },
    ];
  }
  const faults = acme.hosts
    ? acme.hosts.flatMap((host, index) => hostFaults(host, acme.challenge, { path: [...at, 'hosts', index] }))
    : hosts.flatMap((host) => hostFaults(host, acme.challenge, { path: at, part: 'key' }));
  if (hosts.length > MOST_HOSTS)
    faults.push({
      path: at,
      part: 'key',
      message: `a certificate is for ${MOST_HOSTS} hosts at most, and here are ${hosts.length}`,
    });
  return acme.challenge === 'dns-01'
    ? [...faults, ...zoneFaults(acme.zone, at)]
    : [...faults, ...foreignKeys(acme, at), ...challengeFaults(balancer, at)];
}

function zoneFaults(zone: string | undefined, path: readonly string[]): Fault[] {
  if (zone !== undefined) return [];
  const hint = 'aws route53 list-hosted-zones tells the ID of the zone that the hosts are in';
  return [{ path, part: 'key', message: 'challenge dns-01 needs "zone"', hint }];
}

function foreignKeys(acme: Managed['acme'], path: readonly string[]): Fault[] {
  return (['zone', 'credentials'] as const)
    .filter((key) => acme[key] !== undefined)
    .map((key) => ({
      path: [...path, key],
      part: 'key',
      message: `${key} says something with challenge: dns-01 alone`,
    }));
}

function hostFaults(
  host: string,
  challenge: Managed['acme']['challenge'],
  place: Pick<Fault, 'path' | 'part'>,
): Fault[] {
  if (host.startsWith('*.') && challenge === 'http-01')
    return [
      {
        ...place,
        message: `http-01 cannot show that all hosts of ${host} are ours`,
        hint: 'set challenge: dns-01 and the zone of Route 53, or name the hosts one by one',
      },
    ];
  if (host.endsWith('.*') || host.includes('_') || !host.includes('.'))
    return [
      {
        ...place,
        message: `no authority gives a certificate for ${host}`,
        hint: 'name the hosts: hosts: [shop.example.com]',
      },
    ];
  return [];
}

function challengeFaults(balancer: Balancer, path: readonly string[]): Fault[] {
  const listeners = Object.values(balancer.listeners);
  if (!listeners.some((listener) => answersChallenges(balancer, listener)))
    return [
      {
        path,
        part: 'key',
        message: `http-01 needs an http listener on port ${CHALLENGE_PORT}, where the authority asks`,
        hint: `add one to listeners: http: { port: ${CHALLENGE_PORT}, redirect: ${path[1]!} }`,
      },
    ];
  const proxied = listeners.find(
    (listener) => answersChallenges(balancer, listener) && listener.proxy_protocol !== undefined,
  );
  if (proxied && (balancer.nodes?.length ?? 0) > 1)
    return [
      {
        path,
        part: 'key',
        message: `nodes ask each other for answers to http-01 on port ${CHALLENGE_PORT}, and that expects the PROXY protocol`,
        hint: 'set challenge: dns-01 and the zone of Route 53',
      },
    ];
  return balancer.routes.flatMap((route, index): Fault[] =>
    Object.hasOwn(route.paths, CHALLENGE_PATH)
      ? [
          {
            path: ['routes', index, 'paths', CHALLENGE_PATH],
            part: 'key',
            message: `${CHALLENGE_PATH} is where the authority asks for answers to its challenges (acme)`,
          },
        ]
      : [],
  );
}

/** Below it lie the answers. Source: RFC 8555, 8.3. */
const CHALLENGE_PATH = '/.well-known/acme-challenge/';
