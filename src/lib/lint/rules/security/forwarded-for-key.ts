import { scopeOf } from '../../../nginx/directives/contexts.ts';
import { isLeftToClients, isUnfiltered, tablesOf } from '../../judgement/clients/forwarded.ts';
import { Sockets } from '../../model/network/sockets.ts';
import type { Item, Model } from '../../model/model.ts';
import type { Behind, Rule } from '../../engine/rule.ts';
import type { Origin } from '../../model/values/origins.ts';
import { namesIn } from '../../model/values/names-in.ts';

const HINT =
  'let set_real_ip_from and real_ip_header make $remote_addr the address of the client, and use $binary_remote_addr';

/** Whatever stands in front, the start of this one is the client's. */
const RAW = /^(?:http_x_forwarded_for|proxy_add_x_forwarded_for)$/u;

export const forwardedForKey: Rule = {
  id: 'security/forwarded-for-key',
  severity: 'warning',
  summary: 'limits or access go by a header that the client writes',
  aliases: [],
  since: '0.1.0',
  check({ model, behind, report }) {
    const search = new Search(model, behind);
    for (const name of ['limit_req_zone', 'limit_conn_zone'])
      for (const item of model.named(name)) {
        const word = item.directive.words[1];
        const header =
          word && scopeOf(item.block.context) === 'http' ? search.headerIn(word.value, item) : undefined;
        if (header !== undefined)
          report(
            item,
            `the limit counts by $${header}, which the client writes: a new value is a new count`,
            {
              word,
              hint: HINT,
            },
          );
      }
    for (const item of model.named('if')) {
      const answer = item.inner?.own('return')[0]?.directive.words[1]?.value ?? '';
      if (!/^[45]\d\d$/u.test(answer)) continue;
      const header = search.headerBehind(item);
      if (header !== undefined && Sockets.of(model).isPublic(item.block))
        report(item, `who is refused depends on $${header}, which the client writes`, {
          word: item.directive.words[1],
          hint: HINT,
        });
    }
  },
};

/** Follows values to the headers that they depend on. */
class Search {
  private readonly tables: Map<string, Item[]>;
  private readonly known = new Map<string, string | undefined>();
  /** Whether the balancer adds the true address behind what the client wrote, as far as is known. */
  private readonly added: boolean;

  constructor(
    private readonly model: Model,
    private readonly behind: Behind | undefined,
  ) {
    this.tables = tablesOf(model);
    this.added = behind === undefined || behind === 'alb';
  }

  /** A header of the client in a text, or one that chose what the text holds. */
  headerIn(text: string, at: Item): string | undefined {
    // what a group holds depends on the place
    if (/\$\{?[1-9]/u.test(text)) return this.search(text, at, new Set());
    if (!this.known.has(text)) this.known.set(text, this.search(text, at, new Set()));
    return this.known.get(text);
  }

  private search(text: string, at: Item, seen: ReadonlySet<Item>): string | undefined {
    const { model, tables } = this;
    for (const origin of model.variables.origins(text, at)) {
      const { variable } = origin;
      if (!RAW.test(variable) && !isLeftToClients(variable, this.behind)) continue;
      if (isUnfiltered(origin, tables, model) && !this.isLast(origin)) return variable;
    }
    for (const name of namesIn(text)) {
      for (const table of tables.get(name) ?? []) {
        if (seen.has(table) || seen.size > 8 || !this.isEvadable(table)) continue;
        const source = sourceOf(table);
        const header = source && this.search(source, table, new Set([...seen, table]));
        if (header !== undefined) return header;
      }
    }
    return undefined;
  }

  /** The same for the condition of an `if`. */
  headerBehind(item: Item): string | undefined {
    const text = item.directive.words
      .slice(1)
      .map(({ value }) => value)
      .join(' ');
    const [, subject, operator, pattern = ''] = /^\(\s*(\S+)\s+(!?=|!?~\*?)\s+(.*)$/su.exec(text) ?? [];
    if (subject === undefined) {
      const [, alone] = /^\(\s*(\$\w+)\s*\)$/u.exec(text) ?? [];
      // that a header is there says nothing of who sent it
      return alone !== undefined && this.tables.has(alone.slice(1).toLowerCase())
        ? this.headerIn(alone, item)
        : undefined;
    }
    if (operator!.startsWith('~') && !this.canBePushedAway(pattern)) return undefined;
    return this.headerIn(subject, item);
  }

  /** What is looked for anywhere in the header is found behind what a client adds, too. */
  private canBePushedAway(pattern: string): boolean {
    return !this.added || pattern.startsWith('^');
  }

  /** Whether a client that adds to the header gets another row of a table. */
  private isEvadable(table: Item): boolean {
    if (table.directive.name === 'geo') return true;
    return this.model.rows(table).some(({ directive: { words } }) => {
      const key = words[0]!.value;
      if (/^(?:|default|hostnames|volatile)$/u.test(key)) return false;
      return key.startsWith('~') ? this.canBePushedAway(key.replace(/^~\*?/u, '')) : true;
    });
  }

  /** Whether a table takes the last address, which the balancer added. */
  private isLast({ through }: Origin): boolean {
    return (
      this.added &&
      through.some((step) =>
        (this.tables.get(step.slice(1)) ?? []).some((table) =>
          this.model.rows(table).some(({ directive: { words } }) => /^~\*?[^^].*\$$/su.test(words[0]!.value)),
        ),
      )
    );
  }
}

/** What a table looks at; undefined for a `geo` that looks at the address. */
function sourceOf({ directive: { name, words } }: Item): string | undefined {
  return name === 'map' || words.length > 2 ? words[1]?.value : undefined;
}
