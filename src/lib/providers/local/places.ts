import { join } from 'node:path';
import { UserError } from '../../errors.ts';

/** Where a local balancer lives: everything is below its prefix, except the lock. */
export interface Places {
  /** Name of the balancer. */
  readonly name: string;
  /** Folder of all balancers beside lb.yaml. */
  readonly home: string;
  /** NGINX's prefix, absolute, without a slash at the end. */
  readonly prefix: string;
  readonly releases: string;
  /** Link to the release that NGINX loads. */
  readonly current: string;
  readonly pidFile: string;
  readonly errorLog: string;
  readonly lock: string;
}

/** @throws UserError `input` where NGINX could not work with the path. */
export function placesOf(folder: string, name: string): Places {
  const home = join(folder, '.lbctl');
  const prefix = join(home, name);
  if (/[*?[]/u.test(prefix)) {
    throw new UserError(
      'input',
      'unusable-path',
      `the path ${prefix} holds one of * ? [, which NGINX reads as a pattern`,
      {
        hint: 'move lb.yaml to a folder whose path has none of them',
      },
    );
  }
  return {
    name,
    home,
    prefix,
    releases: join(prefix, 'releases'),
    current: join(prefix, 'current'),
    pidFile: join(prefix, 'run/nginx.pid'),
    errorLog: join(prefix, 'logs/error.log'),
    lock: join(home, `${name}.lock`),
  };
}
