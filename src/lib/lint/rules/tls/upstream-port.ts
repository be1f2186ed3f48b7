import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { passesOf } from '../../judgement/tls/passes.ts';

export const upstreamPort: Rule = {
  id: 'tls/upstream-port',
  severity: 'warning',
  summary: 'TLS is spoken to port 80, or plain text to port 443',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { item, word, tls, host, port, group } of passesOf(model)) {
      const wrong = tls ? 80 : 443;
      const what = tls ? 'TLS is spoken to port 80' : 'plain text is spoken to port 443';
      if (!group) {
        if (port === wrong)
          report(item, `${what} of ${host}`, { word, hint: `write ${tls ? 443 : 'https'}` });
        continue;
      }
      const server = group.servers.find((one) => portOf(one, group.stream) === wrong);
      const address = server?.directive.words[1]?.value;
      if (address === undefined) continue;
      report(item, `${what} of ${address}`, {
        word,
        hint: tls
          ? `servers of an upstream without a port have port 80: write ${address.replace(/:\d+$/u, '')}:443`
          : 'write https',
        related: { message: 'the server', item: server! },
      });
    }
  },
};

/** In http a server without a port has port 80, whatever the scheme is that requests are passed on with. */
function portOf({ directive }: Item, stream: boolean): number | undefined {
  const address = directive.words[1]?.value ?? '';
  if (address === '' || /^unix:/iu.test(address)) return undefined;
  const port = /^(?:\[[^\]]*\]|[^:]*):(\d+)$/u.exec(address)?.[1];
  if (port !== undefined) return Number(port);
  return stream || directive.words.some(({ value }) => value.startsWith('service=')) ? undefined : 80;
}
