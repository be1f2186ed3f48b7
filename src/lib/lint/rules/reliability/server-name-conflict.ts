import { addressesOf, Sockets } from '../../model/network/sockets.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const serverNameConflict: Rule = {
  id: 'reliability/server-name-conflict',
  severity: 'warning',
  summary: 'two servers of one address have the same name, and the second one is not asked',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    /** By socket, the names and whose they are. */
    const taken = new Map<string, Map<string, { readonly server: Block; readonly item: Item }>>();
    const sockets = Sockets.of(model);
    for (const server of sockets.servers('http')) {
      const names = namesOf(server);
      for (const { socket, isDefault } of sockets.listeners(server))
        for (const address of addressesOf(socket)) {
          let known = taken.get(address);
          if (!known) taken.set(address, (known = new Map()));
          for (const name of names) {
            const before = name.keys.map((key) => known.get(key)).find((one) => one && one.server !== server);
            if (before && !name.told) {
              name.told = true;
              // who asks for no name gets the default server
              const swapped = name.text === '' && isDefault;
              const at = swapped ? before.item : name.item;
              const what = name.text === '' ? 'no name' : `the name ${name.text}`;
              report(at, `another server has ${what} on ${shown(address)}, too, and is asked in its place`, {
                word: at.directive.words[name.word],
                hint: 'NGINX says so in a warning, and goes on; give each name to one server',
                related: { message: 'the other server', item: swapped ? name.item : before.item },
              });
            }
            for (const key of name.keys) if (!known.has(key)) known.set(key, { server, item: name.item });
          }
        }
    }
  },
};

interface Name {
  readonly text: string;
  readonly item: Item;
  readonly word: number;
  /** What it takes of NGINX's tables: `.a` is `a` and `*.a`. */
  readonly keys: readonly string[];
  told: boolean;
}

function namesOf(server: Block): Name[] {
  const names = server.own('server_name').flatMap((item) =>
    item.directive.words.slice(1).flatMap(({ value }, index): Name[] => {
      const text = value.toLowerCase();
      // regular expressions are tried one after the other
      if (text.startsWith('~')) return [];
      const keys = text.startsWith('.') ? [text.slice(1), `*${text}`] : [text];
      return [{ text, item, word: index + 1, keys, told: false }];
    }),
  );
  if (server.own('server_name').length > 0) return names;
  return [{ text: '', item: server.item!, word: 0, keys: [''], told: false }];
}

function shown(address: string): string {
  return address
    .replace(/^0\.0\.0\.0:/u, 'port ')
    .replace('[0:0:0:0:0:0:0:0]', '[::]')
    .replace(/ \(UDP\)$/u, '');
}
