import { placeOf } from '../../model/requests/locations.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { namesOf } from '../../model/network/server-names.ts';
import { groupOf } from '../../model/network/upstreams.ts';
import { namesIn } from '../../model/values/names-in.ts';

/** Variables that are the same for all sites that are asked for the same path. */
const PATHS = new Set([
  'scheme',
  'request_uri',
  'uri',
  'document_uri',
  'args',
  'is_args',
  'query_string',
  'request_method',
  'slice_range',
  'proxy_host',
  'proxy_port',
]);
const DEFAULT_KEY = '$scheme$proxy_host$request_uri';

/** A place that puts answers into a cache. */
interface Use {
  readonly pass: Item;
  readonly server: Block;
  readonly names: string;
  readonly key: Item | undefined;
  /** The start of the paths that are cached; undefined where a regular expression says. */
  readonly start: string | undefined;
  readonly target: string;
}

export const cacheKey: Rule = {
  id: 'security/cache-key',
  severity: 'warning',
  summary: 'two sites share a cache whose key does not tell them apart',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    for (const uses of groups(model).values()) {
      const [first] = uses;
      if (!first) continue;
      const other = uses.find(
        (use) => use.server !== first.server && use.names !== first.names && overlap(use, first),
      );
      if (!other) continue;
      const at = other.key ?? other.pass;
      if (told.has(at)) continue;
      told.add(at);
      report(
        at,
        `pages of ${first.names} are served as those of ${other.names}: the key of their cache names no host`,
        {
          hint: 'add $host to proxy_cache_key',
          related: { message: 'the other site', item: first.pass },
        },
      );
    }
  },
};

/** Uses that have the same zone and the same key for the same path. */
function groups(model: Model): Map<string, Use[]> {
  const found = new Map<string, Use[]>();
  if (model.named('proxy_cache').length === 0) return found;
  for (const pass of model.named('proxy_pass')) {
    const { block } = pass;
    const zone = block.effective('proxy_cache')[0]?.directive.words[1]?.value;
    if (zone === undefined || zone === 'off' || zone.includes('$')) continue;
    const server = block.server;
    const names = server && sitesOf(server);
    if (!server || !names) continue;
    const [key] = block.effective('proxy_cache_key');
    // in a part the key may be set outside
    if (!key && !model.whole) continue;
    const text = key?.directive.words[1]?.value ?? DEFAULT_KEY;
    const target = groupOf(pass);
    if (target === undefined || !namesIn(text).every((name) => PATHS.has(name))) continue;
    const hosts = /\$\{?proxy_host\b/u.test(text);
    // the same server behind, asked in the same way, gives the same answer
    if (hosts && !passesHost(block)) continue;
    const id = `${zone} ${hosts ? target.toLowerCase() : ''} ${text}`;
    const use = {
      pass,
      server,
      names,
      key,
      start: startOf(block),
      target,
    };
    const same = found.get(id);
    if (!same) found.set(id, [use]);
    else if (hosts || use.target !== same[0]!.target || passesHost(block)) same.push(use);
  }
  return found;
}

/** Whether the server behind is told which site is asked for. */
function passesHost(block: Block): boolean {
  return block
    .effective('proxy_set_header')
    .some(
      ({ directive: { words } }) =>
        words[1]?.value.toLowerCase() === 'host' &&
        /^\$\{?(?:host|http_host|server_name)\b/iu.test(words[2]?.value ?? ''),
    );
}

function startOf({ item }: Block): string | undefined {
  const place = item && placeOf(item);
  return place?.kind === 'prefix' || place?.kind === 'exact' ? place.name : undefined;
}

/** The sites of a server in one text; `www.` in front is the same one. */
function sitesOf(server: Block): string {
  const sites = namesOf(server).map((name) => name.replace(/^(?:www|\*)?\./u, ''));
  return [...new Set(sites)].toSorted().join(' ');
}

function overlap(one: Use, other: Use): boolean {
  if (one.start === undefined || other.start === undefined) return false;
  return one.start.startsWith(other.start) || other.start.startsWith(one.start);
}
