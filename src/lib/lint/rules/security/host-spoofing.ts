import type { Rule } from '../../rule.ts';

/** Variables that hold what the client wrote, whatever server_name says. */
const FROM_CLIENT = /^\$\{?(?:http_host|http_x_forwarded_host|http_x_host|arg_\w+|cookie_\w+)\}?$/iu;

export const hostSpoofing: Rule = {
  id: 'security/host-spoofing',
  severity: 'warning',
  summary: 'the client chooses the Host header that the server behind is given',
  aliases: ['gixy:host_spoofing'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('proxy_set_header')) {
      const [, name, value] = item.directive.words;
      if (name?.value.toLowerCase() !== 'host' || !value || !FROM_CLIENT.test(value.value)) continue;
      report(item, `Host is ${value.value}, which is whatever the client wrote`, {
        word: value,
        hint: 'use $host, which is the name of the server where the client names none, or a fixed name',
      });
    }
  },
};
