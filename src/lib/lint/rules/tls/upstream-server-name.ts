import { insertBehind } from '../../fixes/fix.ts';
import type { Rule } from '../../engine/rule.ts';
import { isPublicName, passesOf, type Pass } from '../../judgement/tls/passes.ts';

export const upstreamServerName: Rule = {
  id: 'tls/upstream-server-name',
  severity: 'warning',
  summary: 'the handshake with a server behind does not name it, or names it wrong',
  fixable: true,
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    // what is missing in a part may stand in http
    if (!model.whole) return;
    for (const pass of passesOf(model)) {
      if (!pass.tls) continue;
      const { item, word, prefix, host, group } = pass;
      const sent = item.block.effective(`${prefix}_server_name`)[0]?.directive.words[1]?.value.toLowerCase();
      const named = item.block.effective(`${prefix}_name`).length > 0;
      if (sent === undefined && needsName(pass))
        report(item, `the TLS handshake with ${host} does not say which name is wanted`, {
          word,
          hint: group
            ? `add ${prefix}_server_name on; and the name with ${prefix}_name`
            : `add ${prefix}_server_name on; many hosts refuse, or show a certificate of somebody else, without`,
          fix: group
            ? undefined
            : { title: 'send the name', edits: [insertBehind(item, `${prefix}_server_name on;`)] },
        });
      else if (sent === 'on' && !named && group && !group.stream && !host.includes('.'))
        report(item, `the TLS handshake asks for ${host}, which is the name of the upstream`, {
          word,
          hint: `name the servers with ${prefix}_name`,
          related: { message: 'the upstream', item: group.item },
        });
    }
  },
};

/** Whether a host is one of the world, where many share an address. Load balancers of AWS have a default. */
function needsName({ host, group }: Pass): boolean {
  const names = group
    ? group.servers.map(({ directive }) => (directive.words[1]?.value ?? '').replace(/:\d+$/u, ''))
    : [host];
  return (
    names.length > 0 &&
    names.every((name) => isPublicName(name) && !/\.elb\.(?:\S+\.)?amazonaws\.com$/iu.test(name))
  );
}
