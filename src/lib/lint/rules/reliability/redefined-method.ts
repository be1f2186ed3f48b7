import { atLeast } from '../../../nginx/version.ts';
import { type Fix, insertBefore, remove } from '../../fixes/fix.ts';
import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { parameterOf } from '../../model/network/upstream-servers.ts';

const METHODS = ['ip_hash', 'hash', 'least_conn', 'least_time', 'random'];

/** What wraps the method that stands in front of it, and what is lost without it. */
const WRAPPERS: Readonly<Record<string, string>> = {
  keepalive: 'no connection to its servers is kept open',
  sticky: 'clients do not stay with their server',
  queue: 'requests do not wait for a free server',
  ntlm: 'connections do not stay with their client',
};

/** The release from which on `keepalive` may stand anywhere. */
const ANYWHERE = '1.29.7';

/** NGINX warns of these with `load balancing method redefined`, goes on, and forgets what stood before. */
export const redefinedMethod: Rule = {
  id: 'reliability/redefined-method',
  severity: 'warning',
  summary: 'a balancing method undoes what stands in front of it in the upstream',
  fixable: true,
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    for (const { name, block } of model.upstreams.values()) {
      const methods = METHODS.flatMap((one) => block.own(one)).toSorted((a, b) => a.index - b.index);
      const last = methods.at(-1);
      if (!last) continue;
      const undone = methods.find(({ directive }) => directive.name !== last.directive.name);
      if (undone)
        report(undone, `${undone.directive.name} does nothing: ${last.directive.name} takes its place`, {
          hint: 'an upstream has one method, the last one that is named; remove the other',
          related: { message: 'the one that holds', item: last },
        });
      const wrappers = Object.keys(WRAPPERS)
        .filter((one) => one !== 'keepalive' || !atLeast(target.version, ANYWHERE))
        .flatMap((one) => block.own(one).filter(({ index }) => index < last.index))
        .toSorted((a, b) => a.index - b.index);
      const [first] = wrappers;
      if (!first) continue;
      const lost = wrappers.map(({ directive }) => WRAPPERS[directive.name]);
      report(last, `${last.directive.name} of ${name} undoes what stands above it: ${lost.join(', and ')}`, {
        hint: `write ${last.directive.name} in front of ${first.directive.name}`,
        related: { message: first.directive.name, item: first },
        fix: methods.length === 1 ? moved(last, first) : undefined,
      });
    }
  },
};

function moved(method: Item, before: Item): Fix | undefined {
  const { file, directive, block } = method;
  // a method that has no backup servers is refused in front of one
  if (file !== before.file || block.own('server').some((server) => parameterOf(server, 'backup')))
    return undefined;
  const text = file.document.text.slice(directive.start, directive.end);
  return {
    title: `move ${directive.name} in front of ${before.directive.name}`,
    edits: [insertBefore(before, text), remove(method)],
  };
}
