/** NGINX of the packages of Debian and Ubuntu, by release; newer builds of one load the same. */
export const PACKAGED = {
  debian_12: '1.22.1',
  debian_13: '1.26.3',
  ubuntu_22_04: '1.18.0',
  ubuntu_24_04: '1.24.0',
} as const;

/** What matters of how these packages configure it. */
export const PACKAGED_ARGUMENTS: readonly string[] = [
  '--prefix=/usr/share/nginx',
  '--conf-path=/etc/nginx/nginx.conf',
  '--http-log-path=/var/log/nginx/access.log',
  '--error-log-path=stderr',
  '--pid-path=/run/nginx.pid',
  '--http-proxy-temp-path=/var/lib/nginx/proxy',
  '--with-stream=dynamic',
];
