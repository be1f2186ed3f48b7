import { posix } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { certificatePlaces, type Layout, RELEASE_ID, SYSTEM_CA } from '../../render/layout.ts';
import { splitOffModules } from '../modules.ts';
import type { Facts, NodeNginx } from './facts.ts';

/** Folder of all that lbctl keeps on a node. */
export const ROOT = '/etc/lbctl';

/** Where NGINX has its things on a node: as it was built, unless its own nginx.conf says otherwise. */
export interface NodePlaces {
  /** Its nginx.conf. */
  readonly conf: string;
  readonly pid: string;
  readonly errorLog: string;
  readonly accessLog: string;
  /** For what is kept on disk, below a folder that the package made. */
  readonly cacheFolder: string;
  /** Glob of files that load modules. */
  readonly modules: string;
}

/** Places of an NGINX, by `nginx -V`. */
export function placesOf({ built }: NodeNginx, { configured, moduleConfigs }: Facts): NodePlaces {
  const option = (name: string): string | undefined =>
    built.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  const prefix = option('prefix') ?? '/usr/local/nginx';
  const place = (path: string): string => posix.resolve(prefix, path);
  const accessLog = place(option('http-log-path') ?? 'logs/access.log');
  const errorLog = option('error-log-path') ?? 'logs/error.log';
  return {
    conf: place(option('conf-path') ?? 'conf/nginx.conf'),
    // systemd and the scripts of Bitnami look for it where the package has it
    pid: place(configured.pid ?? option('pid-path') ?? 'logs/nginx.pid'),
    // Debian builds in `stderr`, which is no file
    errorLog: /^stderr$|:/u.test(errorLog)
      ? posix.join(posix.dirname(accessLog), 'error.log')
      : place(errorLog),
    accessLog,
    cacheFolder: posix.join(posix.dirname(place(option('http-proxy-temp-path') ?? 'proxy_temp')), 'cache'),
    modules: posix.join(moduleConfigs ?? posix.join(prefix, 'modules'), '*.conf'),
  };
}

/** User of the workers, and their group. */
export function workersOf({ configured, users }: Facts): { user: string; group: string } {
  const [user = '', group] = configured.user?.split(' ') ?? [];
  const [first = { name: 'nobody', group: 'nobody' }] = users;
  return { user: first.name, group: first.name === user && group ? group : first.group };
}

/**
 * The layout of releases on a node.
 * @throws UserError `failed` where a module is not installed there.
 */
export function layoutOf(name: string, nginx: NodeNginx, facts: Facts, balancer: Balancer): Layout {
  const { pid, errorLog, accessLog, cacheFolder, modules } = placesOf(nginx, facts);
  const { user, group } = workersOf(facts);
  return {
    // without a group NGINX takes the one that has the user's name, which need not be there
    user: user === group ? user : `${user} ${group}`,
    pid,
    errorLog,
    accessLog,
    streamLog: posix.join(posix.dirname(accessLog), 'stream.log'),
    cacheFolder,
    tempFolder: null,
    systemCa: facts.ca ?? SYSTEM_CA,
    ...certificatePlaces(ROOT),
    modules,
    loads: modulesToLoad(name, nginx, facts, balancer),
    folder: `${ROOT}/releases/${RELEASE_ID}`,
    ports: new Map(),
  };
}

/** Modules that a balancer needs, that are there, and that nothing loads. */
function modulesToLoad(name: string, { built }: NodeNginx, facts: Facts, balancer: Balancer): string[] {
  const loaded = new Set(facts.loaded.map((file) => posix.basename(file)));
  return splitOffModules(built, balancer)
    .filter(({ file }) => !loaded.has(file))
    .map(({ file, packages }) => {
      const path = facts.modules.find((module) => posix.basename(module) === file);
      if (path !== undefined) return path;
      throw new UserError(
        'failed',
        'module-missing',
        `the balancer needs the NGINX module ${file}, which is not installed on ${name}`,
        { hint: `install ${packages} there` },
      );
    });
}
