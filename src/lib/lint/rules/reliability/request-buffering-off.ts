import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const requestBufferingOff: Rule = {
  id: 'reliability/request-buffering-off',
  severity: 'info',
  summary: 'requests with a body are not tried on another server',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    if (model.named('proxy_request_buffering').length === 0) return;
    const told = new Set<Item>();
    for (const { stream, servers, users, name } of model.upstreams.values()) {
      if (stream || servers.length < 2) continue;
      for (const { block, directive } of users) {
        const [setting] = directive.name === 'proxy_pass' ? block.effective('proxy_request_buffering') : [];
        if (setting?.directive.words[1]?.value.toLowerCase() !== 'off' || told.has(setting)) continue;
        if (block.effective('proxy_next_upstream')[0]?.directive.words[1]?.value === 'off') continue;
        told.add(setting);
        report(
          setting,
          `when a server of ${name} fails, requests with a body that is under way fail with it`,
          {
            hint: 'what has been sent is not kept: leave this to locations of large uploads',
          },
        );
      }
    }
  },
};
