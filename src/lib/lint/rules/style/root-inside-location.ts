import { Context } from '../../../nginx/directives/contexts.ts';
import { handlerOf } from '../../model/requests/answers.ts';
import { placeOf } from '../../model/requests/locations.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const rootInsideLocation: Rule = {
  id: 'style/root-inside-location',
  severity: 'info',
  summary: 'a root that holds in one location, and is missing in the others',
  aliases: ['nginx-lint:root-in-location'],
  since: '0.1.0',
  check({ model, report }) {
    for (const server of model.blocks) {
      if (server.context !== Context.server || server.effective('root').length > 0) continue;
      if (!model.isKnown(server)) continue;
      const locations = server.own('location');
      const roots = locations.flatMap(({ inner }) => inner?.own('root') ?? []);
      const [first] = roots;
      if (!first) continue;
      const lost = locations.find(servesFilesOfNowhere);
      const same = roots.find((item) => item !== first && pathOf(item) === pathOf(first));
      if (lost)
        report(first, `location ${textOf(lost)} has no root, and looks for its files in html of NGINX`, {
          hint: 'write root in the server: it holds in all its locations',
          related: { message: 'the location without a root', item: lost },
        });
      else if (same)
        report(first, `root ${pathOf(first)} stands in several locations`, {
          hint: 'write it once, in the server: it holds in all its locations',
          related: { message: 'another one', item: same },
        });
    }
  },
};

function pathOf({ directive }: Item): string {
  return directive.words[1]?.value ?? '';
}

function textOf(location: Item): string {
  return placeOf(location)?.name ?? '';
}

/** Whether a location hands out files, and nothing says of which folder. */
function servesFilesOfNowhere(item: Item): boolean {
  const { inner } = item;
  if (!inner || placeOf(item)?.kind === 'named') return false;
  if (inner.own('root').length > 0 || inner.own('alias').length > 0 || handlerOf(inner)) return false;
  return !holdsMore(inner);
}

/** Whether other things than files may be meant: locations inside, conditions, or what a module does. */
function holdsMore(block: Block): boolean {
  return ['location', 'if', 'rewrite', 'limit_except', 'try_files', 'deny', 'internal', 'error_page'].some(
    (name) => block.own(name).length > 0,
  );
}
