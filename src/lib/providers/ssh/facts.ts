import { partsOf } from '../../release/node/words.ts';

/** The NGINX of a node. */
export interface NodeNginx {
  readonly path: string;
  /** Such as `1.22.1`. */
  readonly version: string;
  readonly plus: boolean;
  /** Arguments that it was configured with, as `nginx -V` tells them, without quotes. */
  readonly built: readonly string[];
}

/** What a node says of itself. */
export interface Facts {
  /** Its clock, in seconds since 1970. */
  readonly time: number;
  /** ID of its /etc/os-release, such as `debian`; empty where it has none. */
  readonly system: string;
  readonly nginx: NodeNginx | null;
  /** What its nginx.conf said before lbctl came. */
  readonly configured: { readonly user: string | null; readonly pid: string | null };
  /** Folder whose *.conf load modules; null where there is none. */
  readonly moduleConfigs: string | null;
  /** Modules that those load, as they write them. */
  readonly loaded: readonly string[];
  /** Module files that are there. */
  readonly modules: readonly string[];
  /** Users that exist, the one of the workers first. */
  readonly users: readonly { readonly name: string; readonly group: string }[];
  /** Bundle of certificate authorities. */
  readonly ca: string | null;
  readonly curl: boolean;
  /** Unit of systemd that starts NGINX, where systemd runs. */
  readonly unit: string | null;
  /** Script of Bitnami that starts NGINX. */
  readonly control: string | null;
  /** Space that is left for releases, in KiB; null where it cannot be told. */
  readonly free: number | null;
}

/** Reads what `node.sh facts` says. */
export function readFacts(said: string): Facts {
  const all = (word: string): string[][] => partsOf(said, word);
  const first = (word: string): string | null => all(word)[0]?.[0] || null;
  const configured = new Map(all('configured').map(([name = '', value = '']) => [name, unquoted(value)]));
  return {
    time: Number(first('time')),
    system: first('system') ?? '',
    nginx: readNginx(first('nginx'), first('version') ?? '', first('built') ?? ''),
    configured: { user: configured.get('user') || null, pid: configured.get('pid') || null },
    moduleConfigs: first('modules'),
    loaded: all('loads').map(([file = '']) => file.trim()),
    modules: all('module').map(([file = '']) => file),
    users: all('user').map(([name = '', group = '']) => ({ name, group })),
    ca: first('ca'),
    curl: first('curl') !== null,
    unit: first('unit'),
    control: first('control'),
    free: first('free') === null ? null : Number(first('free')),
  };
}

function readNginx(path: string | null, version: string, built: string): NodeNginx | null {
  const number = /\/(\d+\.\d+\.\d+)/u.exec(version)?.[1];
  if (path === null || number === undefined) return null;
  return {
    path,
    version: number,
    plus: version.includes('nginx-plus'),
    // what has spaces in it stands in quotes, such as the options of a compiler
    built: (built.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/gu) ?? []).map((word) => word.replaceAll(/['"]/gu, '')),
  };
}

function unquoted(value: string): string {
  return value.replaceAll(/['"]/gu, '').trim().replaceAll(/\s+/gu, ' ');
}
