import { nearest } from '../nearest.ts';
import { httpVariables, streamVariables } from './data/variables.ts';
import { atLeast, type Version } from './version.ts';

interface Releases {
  readonly since: string;
  readonly until: string;
}

function load(list: string): ReadonlyMap<string, Releases> {
  return new Map(
    list.split(' ').map((entry) => {
      const [name = '', releases = ''] = entry.split('@');
      const [since = '', until = ''] = releases.split('-');
      return [name, { since, until }];
    }),
  );
}

const tables = new Map<'http' | 'stream', ReadonlyMap<string, Releases>>();

function table(scope: 'http' | 'stream'): ReadonlyMap<string, Releases> {
  let known = tables.get(scope);
  if (!known) tables.set(scope, (known = load(scope === 'http' ? httpVariables : streamVariables)));
  return known;
}

/**
 * Why a built-in variable cannot be used, or undefined where it can.
 * @param name without the dollar sign.
 */
export function variableProblem(
  name: string,
  scope: 'http' | 'stream',
  version: Version,
): { readonly message: string; readonly hint?: string } | undefined {
  const known = table(scope);
  const releases = known.get(name) ?? prefixed(name, known);
  if (!releases) {
    const close = nearest(name, known.keys());
    return {
      message: `there is no variable $${name}`,
      ...(close === undefined ? {} : { hint: `did you mean $${close}?` }),
    };
  }
  if (releases.since !== '' && !atLeast(version, releases.since)) {
    return { message: `the variable $${name} came with NGINX ${releases.since}, the target is ${version}` };
  }
  if (releases.until !== '' && atLeast(version, releases.until) && version !== releases.until) {
    return { message: `the variable $${name} went after NGINX ${releases.until}, the target is ${version}` };
  }
  return undefined;
}

function prefixed(name: string, known: ReadonlyMap<string, Releases>): Releases | undefined {
  for (let at = name.indexOf('_'); at > 0; at = name.indexOf('_', at + 1)) {
    const releases = at + 1 < name.length ? known.get(name.slice(0, at + 1)) : undefined;
    if (releases) return releases;
  }
  return undefined;
}

/** Whether NGINX sets a variable itself and lets nobody else do so. */
export function isReadOnly(name: string, scope: 'http' | 'stream', version: Version): boolean {
  if (CHANGEABLE.test(name)) return false;
  const releases = table(scope).get(name);
  return releases !== undefined && atLeast(version, releases.since === '' ? '0' : releases.since);
}

/** Those that `set` and its like may change, and those of modules that are often left out. */
const CHANGEABLE =
  /^(?:args|limit_rate|ancient_browser|modern_browser|msie|ssl_.*|proxy_host|proxy_port|invalid_referer|uid_reset|geoip_.*)$/u;

/** Whether a variable exists without the configuration making it, in this release. */
export function isBuiltIn(name: string, scope: 'http' | 'stream', version: Version): boolean {
  return variableProblem(name, scope, version) === undefined;
}
