import { atLeast } from '../../../nginx/version.ts';
import { type Edit, type Fix, insertBefore, insertBehind, replaceWord } from '../../fix.ts';
import type { Item, Model } from '../../model.ts';
import type { Rule } from '../../rule.ts';

/** The release from which on connections to servers are kept open without being told to. */
const BY_DEFAULT = '1.29.7';

/** Why requests end the connections they use. */
interface Reason {
  readonly message: string;
  readonly hint: string;
  readonly fix?: Fix | undefined;
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
    for (const { pass, destinations } of model.routes) {
      const kept = destinations.find(
        ({ upstream }) => upstream && keepaliveOf(upstream.block.own('keepalive')),
      );
      if (!kept?.upstream || kept.upstream.stream) continue;
      const why =
        pass.directive.name === 'proxy_pass' ? whatCloses(model, pass, old) : whatClosesFastcgi(model, pass);
      if (!why) continue;
      report(pass, `connections to ${kept.upstream.name} are not kept open: ${why.message}`, {
        word: pass.directive.words[1],
        hint: why.hint,
        related: { message: 'keepalive', item: kept.upstream.block.own('keepalive')[0]! },
        fix: why.fix,
      });
    }
  },
};

function keepaliveOf([keepalive]: readonly Item[]): boolean {
  return keepalive !== undefined && keepalive.directive.words[1]?.value !== '0';
}

/** What closes connections of HTTP. In a part that says nothing of it, the blocks around may. */
function whatCloses(model: Model, pass: Item, old: boolean): Reason | undefined {
  const [version] = pass.block.effective('proxy_http_version');
  const said = version?.directive.words[1]?.value;
  const headers = pass.block.effective('proxy_set_header');
  const connection = headers.find(
    ({ directive }) => directive.words[1]?.value.toLowerCase() === 'connection',
  );
  const value = connection?.directive.words[2]?.value.toLowerCase();
  const closes = value === 'close' || (value === undefined && old);
  if (said === '1.0' || (said === undefined && old && model.whole))
    return {
      message: 'HTTP/1.0 is spoken to it',
      hint: 'add proxy_http_version 1.1; and proxy_set_header Connection "";',
      fix: fixOf(pass, [
        versionEdit(pass, version),
        ...(closes ? [connectionEdit(pass, headers, connection)] : []),
      ]),
    };
  if (value !== undefined && connection) {
    if (value === 'close')
      return {
        message: 'each request says Connection: close',
        hint: 'write proxy_set_header Connection "";',
        fix: fixOf(pass, [connectionEdit(pass, headers, connection)]),
      };
    return closedByMap(model, connection, value);
  }
  // headers of the block itself are all there are
  if (!old || !(model.whole || headers.length > 0)) return undefined;
  return {
    message: 'each request says Connection: close',
    hint: 'add proxy_set_header Connection "";',
    fix: fixOf(pass, [connectionEdit(pass, headers, connection)]),
  };
}

/** The usual table for WebSockets says `close` where no upgrade is asked for, which is nearly always. */
function closedByMap(model: Model, connection: Item, value: string): Reason | undefined {
  const name = /^\$\{?(\w+)\}?$/u.exec(value)?.[1];
  const map =
    name &&
    model
      .named('map')
      .find(
        ({ directive: { words } }) =>
          words[2]?.value.toLowerCase() === `$${name}` && words[1]?.value.toLowerCase() === '$http_upgrade',
      );
  if (!map) return undefined;
  const rows = model.rows(map);
  const row =
    rows.find(({ directive }) => directive.words[0]!.value === '') ??
    rows.find(({ directive }) => directive.words[0]!.value === 'default');
  const word = row?.directive.words[1];
  if (!row || word?.value.toLowerCase() !== 'close') return undefined;
  return {
    message: `$${name} says close in requests without an upgrade`,
    hint: `write '' '' in the map, so that these send no Connection header`,
    ...(row.directive.words[0]!.value === ''
      ? { fix: { title: `write '' in the map`, edits: [replaceWord(row, word, "''")] } }
      : {}),
  };
}

function whatClosesFastcgi(model: Model, pass: Item): Reason | undefined {
  if (pass.directive.name !== 'fastcgi_pass') return undefined;
  const [keep] = pass.block.effective('fastcgi_keep_conn');
  if (keep ? keep.directive.words[1]?.value.toLowerCase() !== 'off' : !model.whole) return undefined;
  return {
    message: keep ? 'fastcgi_keep_conn is off' : 'the server closes them where fastcgi_keep_conn is not on',
    hint: 'add fastcgi_keep_conn on;',
    fix: keep ? undefined : fixOf(pass, [insertBefore(pass, 'fastcgi_keep_conn on;')]),
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
