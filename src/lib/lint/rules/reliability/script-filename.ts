import { includesNamed } from '../../judgement/includes.ts';
import { placeOf } from '../../model/requests/locations.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const scriptFilename: Rule = {
  id: 'reliability/script-filename',
  severity: 'warning',
  summary: 'PHP that is not told which script to run, or told of one that is not there',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const pass of model.named('fastcgi_pass')) {
      const { block } = pass;
      if (!isForPhp(block)) continue;
      const names = block.effective('fastcgi_param');
      const script = names.findLast(({ directive }) => directive.words[1]?.value === 'SCRIPT_FILENAME');
      if (script) aliased(script, block);
      else if (isComplete(model, block))
        report(pass, 'PHP is not told which script to run: the answer is an empty page', {
          hint: 'add fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;',
        });
    }

    function aliased(script: Item, block: Block): void {
      const alias = folderOf(block);
      const value = script.directive.words[2];
      if (alias?.directive.name !== 'alias' || !value || !WHOLE_PATH.test(value.value)) return;
      const place = alias.block.item && placeOf(alias.block.item);
      const isSplit = block.effective('fastcgi_split_path_info').length > 0;
      if (place?.kind !== 'prefix' || place.name === '/' || isSplit) return;
      const folder = alias.directive.words[1]!.value.replace(/\/$/u, '');
      const path = `${place.name.replace(/\/$/u, '')}/x.php`;
      report(script, `with alias ${path} is looked for as ${folder}${path}`, {
        word: value,
        hint: 'write $request_filename, which heeds alias',
        related: { message: 'the alias', item: alias },
      });
    }
  },
};

const WHOLE_PATH = /^\$\{?document_root\}?\/?\$\{?fastcgi_script_name\}?$/u;

function isForPhp({ item }: Block): boolean {
  return /\.php/u.test((item && placeOf(item)?.name)?.replaceAll('\\', '') ?? '');
}

/** Whether all is known that may stand in a block and around it. */
function isComplete(model: Model, block: Block): boolean {
  for (let one: Block | undefined = block; one; one = one.parent) if (!model.isKnown(one)) return false;
  return !includesNamed(block, WITH_SCRIPT);
}

/** Files of packages that name the script. */
const WITH_SCRIPT = /fastcgi(?:-php)?\.conf$/u;

/** What files of a block are looked for by: the nearest `root` or `alias`. */
function folderOf(block: Block): Item | undefined {
  for (let one: Block | undefined = block; one; one = one.parent) {
    const own = one.own('alias')[0] ?? one.own('root')[0];
    if (own) return own;
  }
  return undefined;
}
