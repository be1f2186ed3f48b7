import { hostChoice } from '../../judgement/clients/host-choice.ts';
import { described, type Origin } from '../../model/values/origins.ts';
import type { Rule } from '../../engine/rule.ts';

export const hostSpoofing: Rule = {
  id: 'security/host-spoofing',
  severity: 'warning',
  summary: 'the client chooses the Host header that the server behind is given',
  aliases: ['gixy:host_spoofing'],
  since: '0.1.0',
  check({ model, report }) {
    for (const list of ['proxy_set_header', 'grpc_set_header'])
      for (const item of model.named(list)) {
        const [, name, value] = item.directive.words;
        if (name?.value.toLowerCase() !== 'host' || !value?.value.includes('$') || USUAL.test(value.value))
          continue;
        const choice = model.variables
          .forms(value.value, item)
          .map((form) => hostChoice(['http://', ...form], 'nginx', isUnchecked))
          .find(Boolean);
        if (!choice) continue;
        const { origin } = choice;
        report(
          item,
          `Host is ${described(origin)}${origin.through.length > 0 ? '' : ','} whatever the client wrote`,
          {
            word: value,
            hint: 'use $host, which is the name of the server where the client names none, or a fixed name',
          },
        );
      }
  },
};

/** Passed over, as nearly every server has it. */
const USUAL = /^\$(?:host|proxy_host|server_name)(?::\$server_port)?$/u;

/** `$host` and the name that TLS was asked for are those that a server was chosen by. */
function isUnchecked({ variable }: Origin): boolean {
  return variable !== 'host' && variable !== 'ssl_server_name';
}
