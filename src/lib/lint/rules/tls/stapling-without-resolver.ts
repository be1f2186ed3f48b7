import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { stapledServers } from '../../judgement/tls/stapling.ts';

export const staplingWithoutResolver: Rule = {
  id: 'tls/stapling-without-resolver',
  severity: 'warning',
  summary: 'ssl_stapling cannot look up where to ask',
  aliases: ['gixy:ssl_stapling_without_resolver'],
  since: '0.1.0',
  check({ model, target, report }) {
    if (!model.whole) return;
    const told = new Set<Item>();
    for (const { stapling, server } of stapledServers(model, target.version)) {
      if (told.has(stapling) || !asksByName(server)) continue;
      told.add(stapling);
      report(
        stapling,
        'ssl_stapling without a resolver asks at the addresses that were found at the start, for good',
        { hint: 'add a resolver, such as resolver 169.254.169.253; in AWS' },
      );
    }
  },
};

function asksByName(server: Block): boolean {
  if (['resolver', 'ssl_stapling_file'].some((name) => server.effective(name).length > 0)) return false;
  const responder = server.effective('ssl_stapling_responder')[0]?.directive.words[1]?.value;
  if (responder !== undefined) return !/^http:\/\/(?:\d+\.\d+\.\d+\.\d+|\[)/iu.test(responder);
  // those have nobody to ask, and a rule of their own
  const certificates = server.effective('ssl_certificate');
  return !certificates.some(({ directive }) => directive.words[1]?.value.includes('/letsencrypt/live/'));
}
