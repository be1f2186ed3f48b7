import { atLeast } from '../../../nginx/version.ts';
import { type Edit, type Fix, insertBefore, insertBehind, replaceWord } from '../../fixes/fix.ts';
import type { Word } from '../../../nginx/syntax/tree.ts';
import type { Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import type { Upstream } from '../../model/network/upstreams.ts';

/** The release from which on connections to servers are kept open without being told to. */
const BY_DEFAULT = '1.29.7';

/** Why requests end the connections they use. */
interface Reason {
  readonly message: string;
  readonly hint: string;
  /** What mends it; undefined among them where that would change something else. */
  readonly edits: readonly (Edit | undefined)[];
}

export const upstreamKeepalive: Rule = {
  id: 'reliability/upstream-keepalive',
  severity: 'warning',
  summary: 'an upstream is to keep connections open, but requests to it close them',
  fixable: true,
  aliases: ['nginx-lint:proxy-keepalive', 'gixy:proxy_pass_keepalive'],
  since: '0.1.0',
  check({ model, target, report }) {
    const old = !atLeast(target.version, BY_DEFAULT);
    let closing: Map<string, Closing> | undefined;
    for (const { pass, destinations } of model.routes) {
      const group = destinations.find(({ upstream }) => upstream && keepaliveOf(upstream))?.upstream;
      if (!group || group.stream) continue;
      const why =
        pass.directive.name === 'proxy_pass'
          ? whatCloses(model, pass, old, (closing ??= closingMaps(model)))
          : whatClosesFastcgi(model, pass);
      if (!why) continue;
      report(pass, `connections to ${group.name} are not kept open: ${why.message}`, {
        word: pass.directive.words[1],
        hint: why.hint,
        related: { message: 'keepalive', item: keepaliveOf(group)! },
        fix: fixOf(pass, why.edits),
      });
    }
  },
};

function keepaliveOf({ block }: Upstream): Item | undefined {
  const [keepalive] = block.own('keepalive');
  return keepalive?.directive.words[1]?.value === '0' ? undefined : keepalive;
}

/** What closes connections of HTTP. In a part that says nothing of it, the blocks around may. */
function whatCloses(
  model: Model,
  pass: Item,
  old: boolean,
  closing: ReadonlyMap<string, Closing>,
): Reason | undefined {
  const header = whatHeaderCloses(model, pass, old, closing);
  const [version] = pass.block.effective('proxy_http_version');
  const said = version?.directive.words[1]?.value;
  if (said !== '1.0' && (said !== undefined || !old || !model.whole)) return header;
  return {
    message: 'HTTP/1.0 is spoken to it',
    hint: 'add proxy_http_version 1.1; and proxy_set_header Connection "";',
    edits: [versionEdit(pass, version), ...(header?.edits ?? [])],
  };
}

function whatHeaderCloses(
  model: Model,
  pass: Item,
  old: boolean,
  closing: ReadonlyMap<string, Closing>,
): Reason | undefined {
  const headers = pass.block.effective('proxy_set_header');
  const connection = headers.find(
    ({ directive }) => directive.words[1]?.value.toLowerCase() === 'connection',
  );
  const value = connection?.directive.words[2]?.value.toLowerCase();
  const name = /^\$\{?(\w+)\}?$/u.exec(value ?? '')?.[1];
  const map = name === undefined ? undefined : closing.get(name);
  if (map)
    return {
      message: `$${name} says close in requests without an upgrade`,
      hint: `write '' in place of close in the map, so that these send no Connection header`,
      edits: [replaceWord(map.row, map.word, "''")],
    };
  // a list of headers that is known, be it in a part, is all there is
  if (connection ? value !== 'close' : !old || !(model.whole || headers.length > 0)) return undefined;
  return {
    message: 'each request says Connection: close',
    hint: 'write proxy_set_header Connection "";',
    edits: [connectionEdit(pass, headers, connection)],
  };
}

/** A line of a table that says `close`. */
interface Closing {
  readonly row: Item;
  readonly word: Word;
}

/** The usual tables for WebSockets that say `close` where no upgrade is asked for, which is nearly always. */
function closingMaps(model: Model): Map<string, Closing> {
  const found = new Map<string, Closing>();
  for (const map of model.named('map')) {
    const [, source, variable] = map.directive.words;
    if (source?.value.toLowerCase() !== '$http_upgrade' || !variable) continue;
    const rows = model.rows(map);
    const row =
      rows.find(({ directive }) => directive.words[0]!.value === '') ??
      rows.find(({ directive }) => directive.words[0]!.value === 'default');
    const word = row?.directive.words[1];
    if (row && word?.value.toLowerCase() === 'close')
      found.set(variable.value.slice(1).toLowerCase(), { row, word });
  }
  return found;
}

function whatClosesFastcgi(model: Model, pass: Item): Reason | undefined {
  if (pass.directive.name !== 'fastcgi_pass') return undefined;
  const [keep] = pass.block.effective('fastcgi_keep_conn');
  if (keep ? keep.directive.words[1]?.value.toLowerCase() !== 'off' : !model.whole) return undefined;
  return {
    message: keep ? 'fastcgi_keep_conn is off' : 'the server closes them where fastcgi_keep_conn is not on',
    hint: 'add fastcgi_keep_conn on;',
    edits: [keep ? undefined : insertBefore(pass, 'fastcgi_keep_conn on;')],
  };
}

function versionEdit(pass: Item, version: Item | undefined): Edit | undefined {
  if (!version) return insertBefore(pass, 'proxy_http_version 1.1;');
  return version.block === pass.block ? replaceWord(version, version.directive.words[1]!, '1.1') : undefined;
}

/** Undefined where the header cannot be set without a loss of those of the blocks around. */
function connectionEdit(
  pass: Item,
  headers: readonly Item[],
  connection: Item | undefined,
): Edit | undefined {
  if (connection)
    return connection.block === pass.block
      ? replaceWord(connection, connection.directive.words[2]!, '""')
      : undefined;
  const line = 'proxy_set_header Connection "";';
  const last = headers.at(-1);
  if (!last) return insertBefore(pass, line);
  return last.block === pass.block ? insertBehind(last, line) : undefined;
}

function fixOf(pass: Item, edits: readonly (Edit | undefined)[]): Fix | undefined {
  const known = edits.filter((edit) => edit !== undefined);
  return known.length === edits.length
    ? { title: `keep the connections of ${pass.directive.name} open`, edits: known }
    : undefined;
}
