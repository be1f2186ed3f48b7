import { atLeast } from '../../../nginx/version.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** The release from which on servers are spoken to in HTTP/1.1 without being told to. */
const BY_DEFAULT = '1.29.7';

export const websocketUpgrade: Rule = {
  id: 'reliability/websocket-upgrade',
  severity: 'warning',
  summary: 'WebSockets are meant to be passed on, and are not',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    const told = new Set<Item>();
    const maps = variablesOfUpgrade(model);
    for (const pass of model.named('proxy_pass')) {
      const headers = pass.block.effective('proxy_set_header');
      const [first] = headers;
      if (!first || !model.isKnown(first.block)) continue;
      const upgrade = headers.find((item) => nameOf(item) === 'upgrade' && valueOf(item) !== '');
      const connection = headers.find((item) => nameOf(item) === 'connection');
      if (upgrade) {
        const problem =
          missingConnection(connection) ??
          wrongVersion(pass.block, model.whole, atLeast(target.version, BY_DEFAULT));
        if (problem && !told.has(upgrade))
          report(upgrade, `WebSockets do not work here: ${problem.message}`, { hint: problem.hint });
        if (problem) told.add(upgrade);
      } else if (connection && !told.has(connection) && asksUpgrade(valueOf(connection), maps)) {
        told.add(connection);
        report(connection, 'WebSockets do not work here: Connection is passed on, but Upgrade is not', {
          hint: 'add proxy_set_header Upgrade $http_upgrade;',
        });
      }
    }
  },
};

interface Problem {
  readonly message: string;
  readonly hint: string;
}

function missingConnection(connection: Item | undefined): Problem | undefined {
  const value = connection && valueOf(connection);
  if (value !== undefined && value !== '' && value !== 'close') return undefined;
  return {
    message: `Upgrade is passed on, but Connection is ${value === '' ? 'taken away' : value === 'close' ? 'close' : 'not'}`,
    hint: 'add proxy_set_header Connection $connection_upgrade; with a map from $http_upgrade',
  };
}

/** RFC 9110 7.8: a server ignores Upgrade in HTTP/1.0; HTTP/2 has none. */
function wrongVersion(block: Block, whole: boolean, modern: boolean): Problem | undefined {
  const value = block.effective('proxy_http_version')[0]?.directive.words[1]?.value;
  if (value === undefined ? modern || !whole : value === '1.1') return undefined;
  const spoken = value === '2' ? 'HTTP/2' : 'HTTP/1.0';
  return {
    message: `${spoken} is spoken to the server, which has no Upgrade`,
    hint: 'add proxy_http_version 1.1;',
  };
}

function nameOf({ directive }: Item): string | undefined {
  return directive.words[1]?.value.toLowerCase();
}

function valueOf({ directive }: Item): string {
  return directive.words[2]?.value.toLowerCase() ?? '';
}

/** Variables that a map makes from the header Upgrade. */
function variablesOfUpgrade(model: Model): Set<string> {
  const found = new Set<string>();
  for (const { directive } of model.named('map')) {
    const [, source, name] = directive.words;
    if (source?.value.toLowerCase() === '$http_upgrade' && name) found.add(name.value.toLowerCase());
  }
  return found;
}

function asksUpgrade(value: string, maps: ReadonlySet<string>): boolean {
  return value === 'upgrade' || maps.has(value.replace(/^\$\{(\w+)\}$/u, '$$$1'));
}
