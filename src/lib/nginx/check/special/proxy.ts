import { atLeast } from '../../version.ts';
import { Context } from '../../directives/contexts.ts';
import type { Word } from '../../syntax/tree.ts';
import { parseAddress } from '../address.ts';
import { badParameter, shown, checkOfForm } from '../forms.ts';
import { useRegularExpression } from '../patterns.ts';
import { useVariable, variablesIn } from '../script.ts';
import type { Check, Visit } from '../visit.ts';
import { placeOf } from './blocks.ts';

const FORMS: Readonly<Record<string, string>> = {
  proxy_pass: 'write http://host:port or https://host:port',
  grpc_pass: 'write grpc://host:port, grpcs://host:port or host:port',
};

/** `proxy_pass` of http. */
export const proxyPass: Check = (visit) => {
  if (visit.scope === 'stream') return streamPass(visit);
  if (!visit.once('proxy_pass')) return;
  const word = visit.words[1]!;
  if (variablesIn(visit, word)) return;
  const scheme = /^https?:\/\//iu.exec(word.value);
  if (!scheme) {
    visit.fault(
      'syntax/value',
      `proxy_pass takes an address that starts with http:// or https://, not ${shown(word)}`,
      word,
      {
        hint: FORMS['proxy_pass'],
      },
    );
    return;
  }
  const uri = pass(visit, word, word.value.slice(scheme[0].length), {
    uri: true,
    port: scheme[0].length === 7 ? 80 : 443,
  });
  if (uri !== undefined && uri !== '' && withoutUri(visit)) {
    visit.fault('syntax/value', `proxy_pass cannot have a path here: ${shown(word)}`, word, {
      hint: 'in a regex or named location, in if and in limit_except NGINX passes the path as it is; use rewrite … break to change it',
    });
  }
};

/** Whether NGINX has no prefix here that a path could take the place of. */
function withoutUri({ level }: Visit): boolean {
  if (level.context !== Context.location) return true;
  const place = placeOf(level);
  return place?.kind === 'regex' || place?.kind === 'named';
}

/** `fastcgi_pass`, `grpc_pass` and their like. */
export const plainPass: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  // the key of memcached is a variable that the configuration sets
  if (visit.directive.name === 'memcached_pass') useVariable(visit, word, 'memcached_key');
  else if (variablesIn(visit, word)) return;
  const scheme = SCHEMES[visit.directive.name]?.exec(word.value)?.[0] ?? '';
  pass(visit, word, word.value.slice(scheme.length), {});
};

const SCHEMES: Readonly<Record<string, RegExp>> = {
  grpc_pass: /^grpcs?:\/\//iu,
  uwsgi_pass: /^s?uwsgi:\/\//iu,
};

const streamPass: Check = (visit) => {
  if (!visit.once('proxy_pass')) return;
  const word = visit.words[1]!;
  if (!variablesIn(visit, word)) pass(visit, word, word.value, {});
};

/** Notes which upstream is passed to; returns the path behind it, or undefined after a fault. */
function pass(
  visit: Visit,
  word: Word,
  text: string,
  { uri, port }: { readonly uri?: boolean; readonly port?: number },
): string | undefined {
  const address = parseAddress(text, { uri: uri ?? false });
  if ('problem' in address) {
    visit.fault('syntax/value', `${shown(word)} is no address to pass to: ${address.problem}`, word, {
      hint: FORMS[visit.directive.name] ?? 'write host:port, unix:path, or the name of an upstream',
    });
    return undefined;
  }
  if (address.family === 'unix') return address.uri;
  const { here, site } = visit;
  const upstream = here.upstreams.get(address.host);
  if (address.port !== undefined) {
    if (upstream) {
      visit.fault('syntax/upstream', `the upstream ${address.host} is addressed without a port`, word, {
        hint: 'its servers have the ports; leave the port away',
        related: { message: 'the upstream', site: upstream.site },
      });
    } else if (!here.hostsWithPort.has(address.host)) {
      here.hostsWithPort.set(address.host, { site, word, port: address.port });
    }
  } else if (port === undefined && !here.hostsWithoutPort.has(address.host)) {
    here.hostsWithoutPort.set(address.host, { site, word });
  }
  return address.uri;
}

/** `proxy_redirect` and the `proxy_cookie_…` directives: `off`, or what is replaced by what. */
export const proxyRedirect: Check = (visit) => {
  const { level, words, site } = visit;
  const [, from, to] = words;
  const before = level.add('proxy_redirect', site);
  const off = !to && from!.value === 'off';
  if (before && (off || before.directive.words[1]!.value === 'off'))
    return visit.fault('syntax/duplicate', 'proxy_redirect off stands alone in its block', undefined, {
      related: { message: 'the first one', site: before },
    });
  if (off) return;
  if (to) return replacement(visit, from!, to, { sensitive: true });
  if (from!.value !== 'default') return badParameter(visit, from!, ['off', 'default']);
  const passed = level.own('proxy_pass');
  const target = passed?.directive.words[1]!.value;
  if (target === undefined && !visit.fragment)
    visit.fault('syntax/value', 'proxy_redirect default stands behind proxy_pass, in the same block', from);
  else if (target?.includes('$'))
    visit.fault('syntax/value', 'proxy_redirect default does not go with variables in proxy_pass', from);
};

export const proxyCookie: Check = (visit) => {
  const [, from, to] = visit.words;
  const before = visit.level.add(visit.directive.name, visit.site);
  const off = !to && from!.value === 'off';
  if (before && (off || before.directive.words[1]!.value === 'off'))
    return visit.fault(
      'syntax/duplicate',
      `${visit.directive.name} off stands alone in its block`,
      undefined,
      {
        related: { message: 'the first one', site: before },
      },
    );
  if (off) return;
  if (!to) return badParameter(visit, from!, ['off']);
  if (visit.directive.name === 'proxy_cookie_flags') {
    if (from!.value.startsWith('~')) useRegularExpression(visit, from!, from!.value.slice(1));
    else variablesIn(visit, from!);
    for (const word of visit.words.slice(2)) variablesIn(visit, word);
    return;
  }
  replacement(visit, from!, to, { sensitive: visit.directive.name === 'proxy_cookie_path' });
};

function replacement(
  visit: Visit,
  from: Word,
  to: Word,
  { sensitive }: { readonly sensitive: boolean },
): void {
  if (from.value.startsWith('~')) {
    const pattern = from.value.slice(sensitive && from.value[1] === '*' ? 2 : 1);
    if (useRegularExpression(visit, from, pattern) === undefined) return;
  } else {
    variablesIn(visit, from);
  }
  variablesIn(visit, to);
}

/** `proxy_store` and `proxy_cache` exclude each other. */
export const store: Check = (visit) => {
  if (!visit.once()) return;
  const word = visit.words[1]!;
  const { name } = visit.directive;
  const other = name.endsWith('_store')
    ? name.replace(/_store$/u, '_cache')
    : name.replace(/_cache$/u, '_store');
  const before = visit.level.own(other);
  if (word.value === 'off') return;
  if (before && before.directive.words[1]!.value !== 'off')
    return visit.fault('syntax/value', `${name} and ${other} exclude each other`, undefined, {
      related: { message: `the ${other}`, site: before },
    });
  if (name.endsWith('_store')) {
    if (word.value !== 'on') variablesIn(visit, word);
  } else if (!variablesIn(visit, word)) {
    visit.zones.use(visit, word, word.value, name);
  }
};

export const setHeader: Check = (visit) => {
  variablesIn(visit, visit.words[2]!);
};

export const splitPathInfo: Check = (visit) => {
  const word = visit.words[1]!;
  const groups = useRegularExpression(visit, word, word.value, { variables: false });
  if (groups !== undefined && groups !== 2)
    visit.fault(
      'syntax/regex',
      `fastcgi_split_path_info takes a regular expression with two groups, not ${groups}`,
      word,
      {
        hint: 'such as ^(.+\\.php)(/.*)$',
      },
    );
};

/** NGINX speaks HTTP/2 to servers since 1.29.4. */
export const httpVersion: Check = (visit) =>
  checkOfForm(atLeast(visit.target.version, '1.29.4') ? 'enum 1.0 1.1 2' : 'enum 1.0 1.1')!(visit);

/** Variables are taken since 1.27.0. */
export const limitRate: Check = (visit) =>
  checkOfForm(atLeast(visit.target.version, '1.27.0') ? 'value-size' : 'size')!(visit);
