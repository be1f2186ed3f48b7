import type { Files } from '../../../support/folder.ts';

/**
 * An apt-get that needs no network: it installs NGINX by uncovering it, and nothing else. It fails as long as there is
 * /run/apt-fails, and tells what it was asked in /var/log/apt-get.log.
 */
const APT_GET = `#!/bin/sh
echo "$*" >>/var/log/apt-get.log
[ -e /run/apt-fails ] && { cat /run/apt-fails >&2; exit 100; }
case " $* " in
  *' install '*nginx*) umount /usr/sbin/nginx 2>/dev/null || : ;;
esac
exit 0
`;

/** A Debian as it comes: without an NGINX, which apt-get brings. */
export const PLAIN: { readonly files: Files; readonly missing: readonly string[] } = {
  files: { '/usr/bin/apt-get': APT_GET },
  missing: ['/usr/sbin/nginx'],
};
