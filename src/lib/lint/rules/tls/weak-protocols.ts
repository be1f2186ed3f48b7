import { removeWord } from '../../fixes/fix.ts';
import type { Rule } from '../../engine/rule.ts';
import { holdsForClients } from '../../judgement/tls/in-force.ts';

/** Broken or given up: RFC 6176, RFC 7568, RFC 8996. */
const WEAK = new Set(['sslv2', 'sslv3', 'tlsv1', 'tlsv1.1']);

/** What clients of NGINX are offered; the others are for the servers behind it. */
const FOR_CLIENTS = 'ssl_protocols';

const DIRECTIVES = [
  FOR_CLIENTS,
  'proxy_ssl_protocols',
  'grpc_ssl_protocols',
  'uwsgi_ssl_protocols',
  'zone_sync_ssl_protocols',
  'js_fetch_protocols',
];

export const weakProtocols: Rule = {
  id: 'tls/weak-protocols',
  severity: 'warning',
  summary: 'TLS versions that are no longer safe are allowed',
  fixable: true,
  aliases: ['gixy:weak_ssl_tls', 'nginx-lint:deprecated-ssl-protocol'],
  since: '0.1.0',
  check({ model, target, report }) {
    const holds = holdsForClients(model, FOR_CLIENTS, target.version);
    for (const item of DIRECTIVES.flatMap((name) => model.named(name))) {
      const [, ...versions] = item.directive.words;
      const weak = versions.filter(({ value }) => WEAK.has(value.toLowerCase()));
      if (weak.length === 0) continue;
      const forClients = item.directive.name === FOR_CLIENTS;
      if (forClients && !holds(item)) continue;
      const names = weak.map(({ value }) => value).join(', ');
      // only where what nearly everyone speaks is left; what servers behind speak is not known
      const answered = forClients && versions.some(({ value }) => value.toLowerCase() === 'tlsv1.2');
      report(item, `${names} ${weak.length === 1 ? 'is' : 'are'} no longer safe`, {
        word: weak[0],
        hint: 'write TLSv1.2 TLSv1.3',
        fix: answered
          ? { title: `take out ${names}`, edits: weak.map((word) => removeWord(item, word)) }
          : undefined,
      });
    }
  },
};
