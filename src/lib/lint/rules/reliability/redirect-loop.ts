import { Context } from '../../../nginx/directives/contexts.ts';
import { redirectOf } from '../../model/requests/answers.ts';
import { namesOf } from '../../model/network/server-names.ts';
import { readAddress } from '../../model/network/addresses.ts';
import { DEEPEST, placeOf } from '../../model/requests/locations.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import { locationFor } from '../../model/requests/routing.ts';
import { matchesAll, readOutline } from '../../regex/outline.ts';
import type { Rule } from '../../engine/rule.ts';

export const redirectLoop: Rule = {
  id: 'reliability/redirect-loop',
  severity: 'error',
  summary: 'a redirect to where the request came from',
  aliases: [],
  since: '0.1.0',
  check({ model, behind, report }) {
    const forErrors = new Set(
      model.named('error_page').map(({ directive }) => directive.words.at(-1)?.value),
    );
    for (const item of [...model.named('return'), ...model.named('rewrite')]) {
      const { block } = item;
      const server = block.server;
      if (!server || (block.context !== Context.server && block.context !== Context.location)) continue;
      const target = targetOf(item);
      if (target === undefined || isConditional(item, server, forErrors)) continue;
      const [, origin = '', path = ''] =
        /^(\$?\{?\w+\}?:\/\/[^/$]*(?:\$\{?(?:host|http_host|server_name)\}?)?)?([^]*)$/u.exec(
          withPath(item, target),
        )!;
      // TLS may end in front of it, and the other scheme be answered there
      if (/^http:/iu.test(origin) && behind !== undefined && behind !== 'none') continue;
      if (!staysHere(model, server, origin) || !comesBack(model, block, server, path)) continue;
      report(item, `browsers give up with too many redirects: ${target} leads back here`, {
        word: item.directive.words.find(({ value }) => value === target),
        hint: 'put the answer itself here, or take what is redirected to out of this block',
      });
    }
  },
};

/** Where an unconditional redirect leads, as it is written. */
function targetOf(item: Item): string | undefined {
  const target = redirectOf(item)?.value;
  if (item.directive.name === 'return') return target;
  if (target !== undefined && GROUP.test(target))
    return GROUP.test(withPath(item, target)) ? undefined : target;
  const outline = readOutline(item.directive.words[1]?.value ?? '', false);
  return outline && matchesAll(outline) ? target : undefined;
}

const GROUP = /\$\d/u;

/** A target with `$uri` for the first group of a rewrite, where that is the whole path. */
function withPath({ directive: { words } }: Item, target: string): string {
  const pattern = words[1]?.value ?? '';
  if (/^\^?\((?:\/?\.\*|\.\+)\)\$?$/u.test(pattern)) return target.replace(/\$1/u, '$$uri');
  return /^\^?\/\(\.\*\)\$?$/u.test(pattern) ? target.replace(/\/\$1/u, '$$uri') : target;
}

const WAYS = ['if', 'rewrite', 'break', 'return'];

/** Whether something in front of it may take another way, or only some requests are led to its location. */
function isConditional(
  { block, index }: Item,
  server: Block,
  forErrors: ReadonlySet<string | undefined>,
): boolean {
  if (WAYS.some((name) => (block.own(name)[0]?.index ?? index) < index)) return true;
  if (block === server) return false;
  const place = block.item && placeOf(block.item);
  if (!place || place.kind === 'named' || block.own('internal').length > 0) return true;
  if (WAYS.some((name) => server.own(name).length > 0)) return true;
  return forErrors.has(place.name);
}

/** Whether an origin, `https://host`, is served by the same server; an empty one is. */
function staysHere(model: Model, server: Block, origin: string): boolean {
  if (origin === '') return true;
  const [, scheme, host] = /^(\$\{?scheme\}?|https?):\/\/(.+)$/iu.exec(origin) ?? [];
  if (scheme === undefined || host === undefined) return false;
  const listeners = waysTo(server);
  const tls = scheme.toLowerCase() === 'https';
  // without a port it leads to the usual one, through whatever stands in front
  const usual = listeners.some(
    ({ port, ssl }) => port === (ssl ? 443 : 80) && (scheme.startsWith('$') || ssl === tls),
  );
  if (!usual && !/^\$\{?http_host/u.test(host)) return false;
  if (!usual && !scheme.startsWith('$')) return false;
  if (/^\$\{?(?:host|http_host)\}?$/u.test(host)) return true;
  const name = /^\$\{?server_name\}?$/u.test(host) ? hostsOf(server)[0] : host.toLowerCase();
  return name !== undefined && hostsOf(server).includes(name) && !hasRival(model, server, name);
}

/** Names of a server that stand for themselves alone. */
function hostsOf(server: Block): string[] {
  return namesOf(server).filter((name) => /^[\w-]+(?:\.[\w-]+)+$/u.test(name));
}

/** A port that a server listens on; undefined for a range, and where there is none. */
interface Way {
  readonly port: number | undefined;
  readonly ssl: boolean;
}

/** Where a server listens by its own words: a part may be the inside of one, which is at no socket that is known. */
function waysTo(server: Block): Way[] {
  const listens = server.own('listen');
  if (listens.length === 0) return [{ port: 80, ssl: false }];
  return listens.flatMap(({ directive: { words } }) => {
    const address = readAddress(words[1]?.value ?? '', { listen: true });
    if (!address) return [];
    const { family, port = 80, lastPort = port } = address;
    const ssl = words.some(({ value }, index) => index > 1 && value === 'ssl');
    return [{ port: family === 'unix' || lastPort !== port ? undefined : port, ssl }];
  });
}

const rivals = new WeakMap<Model, Map<string, number>>();

/** Whether another server has the same name, on whichever address. */
function hasRival(model: Model, server: Block, name: string): boolean {
  let counts = rivals.get(model);
  if (!counts) {
    rivals.set(model, (counts = new Map()));
    for (const one of model.blocks) {
      if (one.context !== Context.server) continue;
      const ssl = waysTo(one).some((way) => way.ssl);
      for (const own of new Set(hostsOf(one)))
        counts.set(`${ssl} ${own}`, (counts.get(`${ssl} ${own}`) ?? 0) + 1);
    }
  }
  const ssl = waysTo(server).some((way) => way.ssl);
  return (counts.get(`${ssl} ${name}`) ?? 0) > 1;
}

/** Whether a path leads to the block that the redirect stands in. */
function comesBack(model: Model, block: Block, server: Block, path: string): boolean {
  if (/^\$\{?request_uri\}?\??$/u.test(path)) return true;
  if (/^\$\{?uri\}?(?:\?[^]*|\$\{?is_args\}?\$\{?args\}?)?$/u.test(path)) return true;
  const plain = path.replace(/(?:\?|\$\{?is_args\}?|#)[^]*$/u, '');
  if (!plain.startsWith('/') || plain.includes('$')) return false;
  if (block === server) return true;
  if (!model.isKnown(server) || !model.isKnown(block)) return false;
  const found = locationFor(server, plain, DEEPEST);
  return found !== undefined && !found.slash && found.location === block.item;
}
