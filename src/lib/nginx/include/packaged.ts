/** Files that NGINX's packages bring: a repository need not hold them, and they make no names. */
const PACKAGED =
  /(?:^|\/)(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)_params|fastcgi\.conf|koi-(?:utf|win)|win-utf|fastcgi-php\.conf)$/u;

/** Whether an included file is one that comes with NGINX. */
export function isPackaged(path: string): boolean {
  return PACKAGED.test(path);
}
