import { Context } from '../../../nginx/directives/contexts.ts';
import { placesIn } from '../../model/requests/locations.ts';
import type { Block, Item } from '../../model/model.ts';
import { locationFor } from '../../model/requests/routing.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';

/** Directives whose last word may be a named location. */
const LEAD_TO_NAMES = ['try_files', 'error_page', 'post_action'];
/** Directives that ask a path of the same server, and what becomes of a path that nothing answers. */
const ASK_PATHS: Readonly<Record<string, string>> = {
  auth_request: 'every request that is to be checked ends with 500',
  mirror: 'no request is mirrored',
};

export const undefinedTarget: Rule = {
  id: 'reliability/undefined-target',
  severity: 'error',
  summary: 'a location that requests are led to is not there',
  aliases: [],
  since: '0.1.0',
  check(context) {
    const { model, report } = context;
    for (const name of LEAD_TO_NAMES)
      for (const item of model.named(name)) {
        const words = item.directive.words.slice(1);
        const early =
          name === 'try_files' ? words.slice(0, -1).find(({ value }) => value.startsWith('@')) : undefined;
        if (early)
          report(
            item,
            `try_files looks for a file ${early.value}: only the last word can be a named location`,
            { word: early },
          );
        const last = words.at(-1);
        if (last?.value.startsWith('@') && !last.value.includes('$')) named(context, item, last.value);
      }
    for (const item of model.named('rewrite')) {
      const word = item.directive.words[2];
      if (!word?.value.startsWith('@')) continue;
      report(item, `rewrite makes ${word.value} the path, and does not lead to the named location`, {
        word,
        hint: `use try_files /.never ${word.value};`,
      });
    }
    for (const [name, effect] of Object.entries(ASK_PATHS))
      for (const item of model.named(name)) asked(context, item, effect);
  },
};

function named({ model, report }: RuleContext, item: Item, name: string): void {
  const server = item.block.server;
  if (server ? !model.isKnown(server) : !model.whole) return;
  const servers = server ? [server] : model.blocks.filter(({ context }) => context === Context.server);
  if (servers.length === 0 || servers.some((one) => placesIn(one).named.has(name))) return;
  report(item, `there is no location ${name} in ${server ? 'this server' : 'any server'}`, {
    word: item.directive.words.at(-1),
    hint: 'requests that are led there end with 500; a named location stands in the server itself',
  });
}

function asked({ model, report }: RuleContext, item: Item, effect: string): void {
  const word = item.directive.words[1];
  const server = item.block.server;
  if (!word || word.value === 'off' || word.value.includes('$') || !server || !model.isKnown(server)) return;
  if (word.value.startsWith('@')) {
    report(item, `${item.directive.name} takes a path, not a named location: ${effect}`, { word });
    return;
  }
  if (answersElsewhere(server)) return;
  const found = locationFor(server, word.value.replace(/\?.*$/u, ''));
  if (!found || found.location) return;
  report(item, `no location of this server answers ${word.value}: ${effect}`, {
    word,
    hint: `add location = ${word.value}`,
  });
}

/** Whether a server may answer outside of its locations. */
function answersElsewhere(server: Block): boolean {
  return ['return', 'rewrite', 'if', 'try_files'].some((name) => server.own(name).length > 0);
}
