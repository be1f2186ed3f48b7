import { Context } from '../../../nginx/directives/contexts.ts';
import { givesSomething } from '../../model/requests/answers.ts';
import { ownGuard } from '../../judgement/clients/guards.ts';
import { isRoot, placeOf } from '../../model/requests/locations.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { PASSES } from '../../model/network/upstreams.ts';

export const mergeSlashesOff: Rule = {
  id: 'security/merge-slashes-off',
  severity: 'warning',
  summary: 'a second slash leads around a location that is closed',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    if (model.named('merge_slashes').length === 0) return;
    const told = new Set<Item>();
    for (const server of model.blocks) {
      if (server.context !== Context.server) continue;
      const [item] = server.effective('merge_slashes');
      if (item?.directive.words[1]?.value.toLowerCase() !== 'off' || told.has(item)) continue;
      const locations = server.own('location');
      const closed = locations.find(isClosed);
      if (!closed || !locations.some(passesTheRest)) continue;
      told.add(item);
      const path = placeOf(closed)!.name;
      report(item, `/${path} does not match location ${path}, and is passed on by location / instead`, {
        hint: 'leave merge_slashes on, or refuse two slashes: if ($uri ~ "//") { return 400; }',
        related: { message: 'the location that is led around', item: closed },
      });
    }
  },
};

/** A location by a path that not everyone may enter. */
function isClosed(item: Item): boolean {
  const { inner } = item;
  const place = placeOf(item);
  if (!inner || (place?.kind !== 'prefix' && place?.kind !== 'exact') || !/^\/./u.test(place.name))
    return false;
  return ownGuard(inner) !== undefined || inner.own('return').some((answer) => !givesSomething(answer));
}

function passesTheRest(item: Item): boolean {
  const { inner } = item;
  return inner !== undefined && isRoot(item) && passes(inner) && !ownGuard(inner);
}

function passes(block: Block): boolean {
  return PASSES.some((pass) => block.own(pass).length > 0);
}
