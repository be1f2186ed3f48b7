import { Context } from '../directives/contexts.ts';
import { shapesOf } from '../directives/knowledge.ts';
import { atLeast } from '../version.ts';
import { isHashable } from './hashes.ts';
import type { Level, Site } from './level.ts';
import type { Visit } from './visit.ts';

/** What a server must have once all directives are known: certificates, names, a protocol, something to do. */
export function checkServers(visit: Visit, top: Level): void {
  for (const block of top.children) {
    if (block.context === Context.http) httpServers(visit, block);
    if (block.context === Context.stream) streamServers(visit, block);
    if (block.context === Context.mail) mailServers(visit, block);
  }
  enoughConnections(visit, top);
}

function serversIn(block: Level, context: number): Level[] {
  return block.children.filter((level) => level.context === context);
}

function httpServers(visit: Visit, block: Level): void {
  for (const server of serversIn(block, Context.server)) {
    missingKey(visit, server);
    clientCertificates(visit, server);
    const on = server.settled('ssl');
    if (on?.directive.words[1]?.value.toLowerCase() === 'on' && !hasCertificate(server))
      visit.faultOf(on, 'syntax/tls', 'there is no ssl_certificate for ssl on', { hint: CERTIFICATE });
  }
  const { listeners, oddNames } = visit.namesOf('http');
  for (const [address, { servers, ssl, defaultServer, site }] of listeners) {
    if (servers.size > 1) {
      for (const { site: named, word, server } of oddNames)
        if (servers.has(server))
          visit.faultOf(named, 'syntax/value', `${word.value} is no server name`, {
            word,
            hint: 'a * stands at one end, in place of a whole part of the name',
          });
      longNames(visit, servers);
    }
    // the only sockets of http that are not TCP are those of QUIC
    if (address.startsWith('udp ')) quicProtocols(visit, address, defaultServer);
    if (!ssl || hasCertificate(defaultServer)) continue;
    const bare = [...servers].find((server) => !hasCertificate(server) && !rejects(server));
    if (!rejects(defaultServer) || bare) {
      visit.faultOf(site, 'syntax/tls', `there is no ssl_certificate for ${address}`, { hint: CERTIFICATE });
    }
  }
}

const CERTIFICATE = 'add ssl_certificate and ssl_certificate_key, or ssl_reject_handshake on';

/** The level whose certificates a server uses: its own, or those around it. */
function certificatesOf(level: Level): Level | undefined {
  for (let one: Level | undefined = level; one; one = one.parent)
    if (one.countOf('ssl_certificate') > 0) return one;
  return undefined;
}

function hasCertificate(level: Level): boolean {
  return certificatesOf(level) !== undefined;
}

function isOn(level: Level, name: string): boolean {
  return level.settled(name)?.directive.words[1]?.value.toLowerCase() === 'on';
}

function rejects(level: Level): boolean {
  return isOn(level, 'ssl_reject_handshake');
}

/** QUIC has no TLS before 1.3; NGINX looks at the default server, if it has a certificate. */
function quicProtocols(visit: Visit, address: string, server: Level): void {
  let level: Level | undefined = server;
  while (level && !level.own('ssl_protocols')) level = level.parent;
  const protocols = level?.own('ssl_protocols');
  if (!protocols || level!.own('ssl_protocols tlsv1.3') || !hasCertificate(server)) return;
  visit.faultOf(protocols, 'syntax/tls', `QUIC on ${address.slice('udp '.length)} needs TLSv1.3`, {
    hint: 'add TLSv1.3 to ssl_protocols',
  });
}

function missingKey(visit: Visit, server: Level): void {
  const certificates = certificatesOf(server);
  if (!certificates) return;
  let keys = 0;
  for (let level: Level | undefined = server; level && keys === 0; level = level.parent)
    keys = level.countOf('ssl_certificate_key');
  if (keys >= certificates.countOf('ssl_certificate')) return;
  visit.faultOf(
    certificates.own('ssl_certificate')!,
    'syntax/tls',
    'there is no ssl_certificate_key for this certificate',
    {
      hint: 'each ssl_certificate has an ssl_certificate_key',
    },
  );
}

function clientCertificates(visit: Visit, server: Level): void {
  if (!hasCertificate(server) && !rejects(server)) return;
  const verify = server.settled('ssl_verify_client');
  const mode = verify?.directive.words[1]?.value.toLowerCase() ?? 'off';
  ocspChecks(visit, server, mode);
  if (!verify || mode === 'off') return;
  const trusted = atLeast(visit.target.version, '1.27.1') && server.settled('ssl_trusted_certificate');
  if (mode !== 'optional_no_ca' && !server.settled('ssl_client_certificate') && !trusted) {
    visit.faultOf(verify, 'syntax/tls', 'there is no ssl_client_certificate for ssl_verify_client', {
      hint: 'name the authorities that clients may be signed by',
    });
  }
}

function ocspChecks(visit: Visit, server: Level, mode: string): void {
  const ocsp = server.settled('ssl_ocsp');
  if (!ocsp || ocsp.directive.words[1]?.value.toLowerCase() === 'off') return;
  const responder = server.settled('ssl_ocsp_responder');
  if (responder && !/^http:\/\//iu.test(responder.directive.words[1]?.value ?? ''))
    visit.faultOf(responder, 'syntax/value', 'ssl_ocsp_responder takes an address that starts with http://');
  if (mode === 'optional_no_ca')
    visit.faultOf(ocsp, 'syntax/tls', 'ssl_ocsp does not go with ssl_verify_client optional_no_ca');
}

/** A name that is longer than a bucket of the table of names stops NGINX. */
function longNames(visit: Visit, servers: ReadonlySet<Level>): void {
  for (const server of servers) {
    for (const { site, word } of visit.serverNames.get(server) ?? []) {
      const bucket = server.parent?.settled('server_names_hash_bucket_size');
      const size = Number(bucket?.directive.words[1]?.value ?? 64);
      if (
        word.value.startsWith('~') ||
        word.value.includes('*') ||
        isHashable(word.value.replace(/^\./u, ''), size)
      )
        continue;
      visit.faultOf(
        site,
        'syntax/hash',
        `the server name ${word.value} is longer than the table of names takes`,
        {
          word,
          hint: `add server_names_hash_bucket_size ${size <= 64 ? 128 : 256}; to the http block`,
        },
      );
    }
  }
}

function streamServers(visit: Visit, block: Level): void {
  for (const server of serversIn(block, Context.streamServer)) {
    if (!mustListen(visit, server)) continue;
    const works = ['proxy_pass', 'return', 'pass'].some((name) => server.own(name));
    if (!works && !hasForeign(server)) {
      visit.faultOf(server.site!, 'syntax/server', 'this server does nothing', {
        hint: 'add proxy_pass or return',
      });
      continue;
    }
    const listen = server.own('listen ssl');
    if (!listen) continue;
    withCertificate(visit, server, listen, 'listen … ssl');
    clientCertificates(visit, server);
  }
}

/** Whether directives of other modules stand in a server, which may do its work. */
function hasForeign(server: Level): boolean {
  return (server.site!.directive.block?.statements ?? []).some(
    (one) => one.kind === 'directive' && shapesOf(one.name).every(({ origin }) => origin !== 'nginx'),
  );
}

function mustListen(visit: Visit, server: Level): boolean {
  if (server.own('listen')) return true;
  visit.faultOf(server.site!, 'syntax/server', 'this server listens nowhere', { hint: 'add listen port' });
  return false;
}

const MAIL_PORTS = /(?:^|:)(?:25|110|143|465|587|993|995)$/u;

function mailServers(visit: Visit, block: Level): void {
  for (const server of serversIn(block, Context.mailServer)) {
    if (!mustListen(visit, server)) continue;
    const listen = server.own('listen')!;
    if (!server.own('protocol') && !MAIL_PORTS.test(listen.directive.words[1]?.value ?? '')) {
      visit.faultOf(server.site!, 'syntax/server', 'the protocol of this server is not known', {
        hint: 'add protocol imap, pop3 or smtp',
      });
    }
    if (!server.settled('auth_http') && !server.settled('proxy_pass_error_message'))
      visit.faultOf(server.site!, 'syntax/server', 'this server has no auth_http', {
        hint: 'add auth_http host:port/path',
      });
    mailTls(visit, server);
  }
}

/** Whatever turns TLS on needs a certificate and its key. */
function withCertificate(visit: Visit, server: Level, site: Site, what: string): void {
  if (hasCertificate(server)) missingKey(visit, server);
  else if (!rejects(server))
    visit.faultOf(site, 'syntax/tls', `there is no ssl_certificate for ${what}`, { hint: CERTIFICATE });
}

/** `starttls` and `ssl on` exclude each other. */
function mailTls(visit: Visit, server: Level): void {
  const listen = server.own('listen ssl');
  const ssl = isOn(server, 'ssl') ? server.settled('ssl') : undefined;
  const command = server.settled('starttls');
  const starttls = command && command.directive.words[1]?.value.toLowerCase() !== 'off' ? command : undefined;
  if (ssl && starttls)
    visit.faultOf(starttls, 'syntax/tls', 'starttls and ssl on exclude each other', {
      hint: 'remove one of them',
    });
  else if (listen) withCertificate(visit, server, listen, 'listen … ssl');
  else if (ssl) withCertificate(visit, server, ssl, 'ssl on');
  else if (starttls) withCertificate(visit, server, starttls, 'starttls');
}

/** Each socket takes a connection of a worker, and one must be left. */
function enoughConnections(visit: Visit, top: Level): void {
  const events = top.children.find(({ context }) => context === Context.events);
  const site = events?.own('worker_connections');
  const connections = Number(site?.directive.words[1]?.value ?? 512);
  const sockets = (['http', 'stream', 'mail'] as const).reduce(
    (sum, scope) => sum + socketsOf(visit, scope),
    0,
  );
  if (!events?.site || Number.isNaN(connections) || connections > sockets) return;
  visit.faultOf(
    site ?? events.site,
    'syntax/value',
    `${connections} worker_connections are too few for ${sockets} sockets to listen on`,
    {
      hint: `set worker_connections to ${Math.max(512, 2 * sockets)} or more`,
    },
  );
}

/** How many sockets are opened: addresses of a port share the one of its wildcard, unless they have options. */
function socketsOf(visit: Visit, scope: 'http' | 'stream' | 'mail'): number {
  const { listeners } = visit.namesOf(scope);
  let count = 0;
  for (const [key, { options }] of listeners) {
    const wildcard = key
      .replace(/(?:\d+\.){3}\d+:/u, '0.0.0.0:')
      .replace(/\[[^\]]*\]:/u, '[0:0:0:0:0:0:0:0]:');
    if (key === wildcard || options || !listeners.has(wildcard)) count++;
  }
  return count;
}
