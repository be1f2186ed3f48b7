import { Context } from '../../../nginx/directives/contexts.ts';
import type { Block, Item } from '../../model.ts';
import type { Rule } from '../../rule.ts';

/** Directives of which a block that has one of its own has none of the outer ones. */
const LISTS = ['add_header', 'add_trailer', 'proxy_set_header', 'grpc_set_header'];

/** What a list is for: without it in the block or below, nothing is lost. */
const NEEDS: Readonly<Record<string, string>> = {
  proxy_set_header: 'proxy_pass',
  grpc_set_header: 'grpc_pass',
};

export const lostHeaders: Rule = {
  id: 'reliability/lost-headers',
  severity: 'warning',
  summary: 'a block with headers of its own loses those of the blocks around it',
  aliases: [
    'gixy:add_header_redefinition',
    'nginx-lint:add-header-inheritance',
    'nginx-lint:proxy-set-header-inheritance',
  ],
  since: '0.1.0',
  check({ model, report }) {
    const users = new Map(
      Object.entries(NEEDS).map(([list, need]) => [list, blocksWith(need, model.items)] as const),
    );
    for (const block of model.blocks) {
      if (!block.parent || block.context === Context.upstream) continue;
      for (const list of LISTS) {
        const [first, ...more] = block.own(list);
        if (!first || merges(block, list) || users.get(list)?.has(block) === false) continue;
        // one without a name is not sent anyway
        const own = new Set(['', ...[first, ...more].map(nameOf)]);
        const lost = block.parent.effective(list).filter((item) => !own.has(nameOf(item)));
        if (lost.length === 0) continue;
        const names = [...new Set(lost.map((item) => item.directive.words[1]!.value))].join(', ');
        report(first, `${names} of the outer block ${lost.length === 1 ? 'is' : 'are'} not sent here`, {
          hint: `a block with a ${list} of its own has none of the outer ones: repeat them here, for example by an include`,
          related: { message: 'the first one that is lost', item: lost[0]! },
        });
      }
    }
  },
};

function nameOf({ directive }: Item): string {
  return directive.words[1]?.value.toLowerCase() ?? '';
}

/** Since 1.29.3 a block can be told to add to the outer headers. */
function merges(block: Block, list: string): boolean {
  if (list !== 'add_header' && list !== 'add_trailer') return false;
  const [setting] = block.effective(`${list}_inherit`);
  return setting?.directive.words[1]?.value.toLowerCase() === 'merge';
}

/** Blocks in which, or in whose inner blocks, a directive stands. */
function blocksWith(name: string, items: readonly Item[]): Set<Block> {
  const found = new Set<Block>();
  for (const { directive, block } of items) {
    if (directive.name !== name) continue;
    for (let one: Block | undefined = block; one && !found.has(one); one = one.parent) found.add(one);
  }
  return found;
}
