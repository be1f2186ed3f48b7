import type { Rule } from '../../rule.ts';

/** Broken or given up: RFC 6176, RFC 7568, RFC 8996. */
const WEAK = new Set(['sslv2', 'sslv3', 'tlsv1', 'tlsv1.1']);

export const weakProtocols: Rule = {
  id: 'tls/weak-protocols',
  severity: 'warning',
  summary: 'TLS versions that are no longer safe are allowed',
  aliases: ['gixy:weak_ssl_tls', 'nginx-lint:deprecated-ssl-protocol'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.items) {
      if (!/^(?:(?:proxy|grpc|uwsgi)_)?ssl_protocols$/u.test(item.directive.name)) continue;
      const [, ...versions] = item.directive.words;
      const weak = versions.filter(({ value }) => WEAK.has(value.toLowerCase()));
      if (weak.length === 0) continue;
      const names = weak.map(({ value }) => value).join(', ');
      report(item, `${names} ${weak.length === 1 ? 'is' : 'are'} no longer safe`, {
        word: weak[0],
        hint: 'write TLSv1.2 TLSv1.3',
      });
    }
  },
};
