import { nearest } from '../nearest.ts';
import { httpVariables, streamVariables } from './data/variables.ts';
import { atLeast, type Version } from './version.ts';

interface Releases {
  readonly since: string;
  readonly until: string;
}

const lists = { http: ` ${httpVariables} `, stream: ` ${streamVariables} ` };
const found = {
  http: new Map<string, Releases | undefined>(),
  stream: new Map<string, Releases | undefined>(),
};

/** Releases that have a variable, or those that start with a prefix; undefined where there is none. */
function releasesOf(name: string, scope: 'http' | 'stream'): Releases | undefined {
  const known = found[scope];
  if (!known.has(name)) known.set(name, lookUp(name, lists[scope]));
  return known.get(name);
}

/** Looks through the text of the list, as a table of it would be made for a few names only. */
function lookUp(name: string, list: string): Releases | undefined {
  if (!/^\w+$/u.test(name)) return undefined;
  const start = ` ${name}`;
  for (let at = list.indexOf(start); at >= 0; at = list.indexOf(start, at + 1)) {
    const behind = at + start.length;
    if (list[behind] === ' ') return { since: '', until: '' };
    if (list[behind] !== '@') continue;
    const [since = '', until = ''] = list.slice(behind + 1, list.indexOf(' ', behind)).split('-');
    return { since, until };
  }
  return undefined;
}

/** Every name that is known. */
function namesIn(scope: 'http' | 'stream'): string[] {
  return lists[scope]
    .trim()
    .split(' ')
    .map((entry) => entry.split('@')[0]!);
}

/**
 * Why a built-in variable cannot be used, or undefined where it can.
 * @param name without the dollar sign.
 * @param near finds the name that was probably meant.
 */
export function variableProblem(
  name: string,
  scope: 'http' | 'stream',
  version: Version,
  near: typeof nearest = nearest,
): { readonly message: string; readonly hint?: string } | undefined {
  const releases = releasesOf(name, scope) ?? prefixed(name, scope);
  if (!releases) {
    const close = near(name, namesIn(scope));
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

function prefixed(name: string, scope: 'http' | 'stream'): Releases | undefined {
  for (let at = name.indexOf('_'); at > 0; at = name.indexOf('_', at + 1)) {
    const releases = at + 1 < name.length ? releasesOf(name.slice(0, at + 1), scope) : undefined;
    if (releases) return releases;
  }
  return undefined;
}

/** Whether NGINX sets a variable itself and lets nobody else do so. */
export function isReadOnly(name: string, scope: 'http' | 'stream', version: Version): boolean {
  if (CHANGEABLE.test(name)) return false;
  const releases = releasesOf(name, scope);
  return releases !== undefined && atLeast(version, releases.since === '' ? '0' : releases.since);
}

/** Those that `set` and its like may change, and those of modules that are often left out. */
const CHANGEABLE =
  /^(?:args|limit_rate|ancient_browser|modern_browser|msie|ssl_.*|proxy_host|proxy_port|invalid_referer|uid_reset|geoip_.*)$/u;

/** Whether a variable exists without the configuration making it, in this release. */
export function isBuiltIn(name: string, scope: 'http' | 'stream', version: Version): boolean {
  return variableProblem(name, scope, version, () => undefined) === undefined;
}
