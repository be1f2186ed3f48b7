import { Context } from '../../../nginx/directives/contexts.ts';
import { guardFinder, ownGuard } from '../../judgement/clients/guards.ts';
import { givesSomething, handlerOf, isLeft } from '../../model/requests/answers.ts';
import { type Place, type Places, placesIn } from '../../model/requests/locations.ts';
import { PASSES } from '../../model/network/upstreams.ts';
import { locationFor } from '../../model/requests/routing.ts';
import type { Block, Item } from '../../model/model.ts';
import { isMatch } from '../../regex/path-match.ts';
import { readPattern } from '../../regex/read.ts';
import { samplesOf } from '../../regex/samples.ts';
import type { Rule } from '../../engine/rule.ts';

/**
 * Regular expressions are asked after prefixes, and win: what a prefix refuses is given by the first one that matches,
 * unless the prefix has `^~`.
 */
export const guardLedAround: Rule = {
  id: 'security/guard-led-around',
  severity: 'warning',
  summary: 'a closed location some of whose paths a regular expression takes, and gives',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const guardOf = guardFinder(model);
    for (const server of model.blocks) {
      if (server.context !== Context.server || server.own('location').length === 0) continue;
      const places = placesIn(server);
      const open = places.regex.filter(({ item: { inner } }) => inner && givesAway(inner) && !guardOf(inner));
      if (open.length === 0 || open.length * places.prefix.size > MOST_COMPARED) continue;
      for (const closed of places.prefix.values()) {
        const guard = !closed.final && closed.item.inner && closingIn(closed.item.inner);
        if (!guard || (closed.name === '/' && isForNobody(guard))) continue;
        const found = wayAround(server, closed, open);
        if (!found) continue;
        report(closed.item, `${found.path} is not refused here: location ${found.by.name} takes it`, {
          word: closed.word,
          hint: `write ^~ ${closed.name}, with what its requests need inside`,
          related: { message: 'the location that takes it', item: found.by.item },
        });
      }
    }
  },
};

/** So many pairs of a prefix and an expression are compared in a server. */
const MOST_COMPARED = 10_000;

/** What keeps requests out of a location itself. */
function closingIn(block: Block): Item | undefined {
  return (
    ownGuard(block) ??
    block.own('return').find((answer) => !givesSomething(answer)) ??
    block.own('internal')[0]
  );
}

/** Whether nobody is let in: where a whole server is closed so, its other locations are the exceptions. */
function isForNobody({ directive: { name }, block }: Item): boolean {
  return name === 'return' || name === 'internal' || (name === 'deny' && block.own('allow').length === 0);
}

/** Whether a location answers with more than what stands in the configuration, and to clients. */
function givesAway(block: Block): boolean {
  return !isLeft(block) && !closingIn(block);
}

function passes(block: Block): boolean {
  return PASSES.some((pass) => block.own(pass).length > 0);
}

/** What browsers load along with a page, which is often left open on purpose. */
const ALONG = /\.(?:avif|bmp|css|eot|gif|ico|jpe?g|js|map|mjs|otf|png|svg|ttf|webp|woff2?)$/u;

function wayAround(
  server: Block,
  closed: Place,
  open: Places['regex'],
): { readonly path: string; readonly by: Place } | undefined {
  for (const by of open) {
    const samples = samplesOf(readPattern(by.name, by.insensitive).root);
    // an expression that names the folder is meant as an exception
    if (samples.some((sample) => sample.startsWith(closed.name) && closed.name !== '/')) continue;
    const path = samples
      .flatMap((sample) => [`${closed.name}x${sample}`, `${closed.name}${sample.replace(/^\//u, '')}`])
      .find(
        (one) =>
          isMatch(by.name, one, by.insensitive) &&
          locationFor(server, one)?.location === by.item &&
          isHarm(closed, by, one),
      );
    if (path !== undefined) return { path, by };
  }
  return undefined;
}

/** Whether what the expression gives is what the closed location has: an application, or the same files. */
function isHarm(closed: Place, by: Place, path: string): boolean {
  const [inside, outside] = [closed.item.inner!, by.item.inner!];
  if (closed.name === '/' && ALONG.test(path)) return false;
  const isSameFolder = FOLDERS.every((name) => inside.effective(name)[0] === outside.effective(name)[0]);
  if (passes(outside)) return isSameFolder || passes(inside);
  if (handlerOf(outside) || handlerOf(inside) || inside.own('location').length > 0) return false;
  return isSameFolder;
}

const FOLDERS = ['root', 'alias'];
