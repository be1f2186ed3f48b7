import { readFileSync } from 'node:fs';
import type { Files } from '../../../support/folder.ts';
import { findNginx } from '../../../support/tools.ts';

/** What comes with a blueprint. */
export interface Image {
  readonly files: Files;
  /** Programs of this machine that are not there. */
  readonly missing: readonly string[];
  /** What its system does at every boot, in shell. */
  readonly start: string;
}

/**
 * An apt-get that needs no network: it installs NGINX by uncovering it, and nothing else. It fails as long as there is
 * /run/apt-fails, and tells what it was asked in /var/log/apt-get.log.
 */
const APT_GET = `#!/bin/sh
echo "$*" >>/var/log/apt-get.log
[ -e /run/apt-fails ] && { cat /run/apt-fails >&2; exit 100; }
case " $* " in
  *' install '*nginx*) : >/etc/.nginx-is-installed; umount /usr/sbin/nginx 2>/dev/null || : ;;
esac
exit 0
`;

const NGINX = '/usr/sbin/nginx';

/** A Debian as it comes: without an NGINX, which apt-get brings, and which is started at every boot from then on. */
const PLAIN: Image = {
  files: { '/usr/bin/apt-get': APT_GET },
  missing: [NGINX],
  start: `[ ! -e /etc/.nginx-is-installed ] || { umount ${NGINX} && nginx; }`,
};

const HOME = '/opt/bitnami/nginx';

/** The NGINX of Debian with the name, the places and the arguments of configure that Bitnami's has. */
const AS_BITNAMI = `#!/bin/bash
real=${HOME}/sbin/.nginx
case " $* " in *' -V '*)
  "$real" -V 2>&1 | sed -E 's# --([a-z-]+-path|prefix)=[^ ]+##g; s#^configure arguments:#& --prefix=${HOME}#' >&2
  exit ;;
esac
case " $* " in *' -c '*) ;; *) set -- -c ${HOME}/conf/nginx.conf "$@" ;; esac
exec -a ${HOME}/sbin/nginx "$real" -e ${HOME}/logs/error.log -p ${HOME}/ "$@"
`;

const CONTROL = `#!/bin/sh
case $1 in
  start) ${HOME}/sbin/nginx ;;
  stop) ${HOME}/sbin/nginx -s stop ;;
  restart) ${HOME}/sbin/nginx -s stop; sleep 0.2; ${HOME}/sbin/nginx ;;
  *) echo "usage: $0 start|stop|restart nginx" >&2; exit 1 ;;
esac
`;

/** In the layout of images since 2020, which packages of Debian are the base of. */
const CONFIGURATION = `user daemon daemon;
worker_processes auto;
error_log "${HOME}/logs/error.log";
pid "${HOME}/tmp/nginx.pid";
events { worker_connections 1024; }
http {
    include mime.types;
    default_type application/octet-stream;
    access_log "${HOME}/logs/access.log";
    include "${HOME}/conf/server_blocks/*.conf";
    server {
        listen 80 default_server;
        root ${HOME}/html;
        location /status { stub_status on; access_log off; allow 127.0.0.1; deny all; }
    }
}
`;

/** There is no file of the name, not even an empty one, as it is enough where apt-get will bring one. */
const WITHOUT_NGINX = `[ -e /opt/sbin ] || { mkdir /opt/sbin /opt/all-sbin && ln -s $(ls -d /usr/sbin/* | sed s#^/usr/sbin#/opt/all-sbin#) /opt/sbin && rm /opt/sbin/nginx; }
mount --bind /usr/sbin /opt/all-sbin && mount --bind /opt/sbin /usr/sbin`;

const bitnami = (): Image => ({
  files: {
    ...PLAIN.files,
    [`${HOME}/sbin/nginx`]: AS_BITNAMI,
    [`${HOME}/sbin/.nginx`]: readFileSync(findNginx()!),
    [`${HOME}/conf/nginx.conf`]: CONFIGURATION,
    [`${HOME}/conf/mime.types`]: 'types { text/html html; }\n',
    [`${HOME}/conf/server_blocks/none.conf`]: '',
    [`${HOME}/html/index.html`]: 'Welcome to nginx! Made by Bitnami\n',
    [`${HOME}/logs/error.log`]: '',
    [`${HOME}/tmp/.keep`]: '',
    '/opt/bitnami/ctlscript.sh': CONTROL,
  },
  missing: [],
  start: `chmod 755 ${HOME}/sbin/.nginx
[ -e ${HOME}/modules ] || ln -s /usr/lib/nginx/modules ${HOME}/modules
${WITHOUT_NGINX}
/opt/bitnami/ctlscript.sh start nginx`,
});

export const imageOf = (blueprintId: string): Image => (blueprintId === 'nginx' ? bitnami() : PLAIN);
