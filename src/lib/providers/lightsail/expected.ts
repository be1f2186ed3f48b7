import type { Balancer } from '../../balancer/schema/balancer.ts';
import { notMade } from '../../release/transports/not-made.ts';
import type { Facts } from '../ssh/facts.ts';
import { type Known, knownBy } from '../ssh/hosts.ts';
import { PACKAGED, PACKAGED_ARGUMENTS } from '../ssh/packaged.ts';

/** By blueprint; of others that of the oldest is assumed, which every newer one loads. */
const VERSIONS: Readonly<Record<string, string>> = PACKAGED;
const OLDEST = PACKAGED.ubuntu_22_04;
/** Stable NGINX of nginx.org, or newer. */
const NGINX_ORG = '1.28.0';
/** What Bitnami had when this was written, or newer. */
const BITNAMI = '1.27.4';

const OF_NGINX_ORG = [
  '--prefix=/etc/nginx',
  '--conf-path=/etc/nginx/nginx.conf',
  '--error-log-path=/var/log/nginx/error.log',
  '--http-log-path=/var/log/nginx/access.log',
  '--pid-path=/var/run/nginx.pid',
  '--http-proxy-temp-path=/var/cache/nginx/proxy_temp',
  '--with-stream',
];
const OF_BITNAMI = ['--prefix=/opt/bitnami/nginx', '--with-stream'];

/** Modules that are installed with NGINX, or as lb.yaml asks. */
const MODULES = {
  stream: 'ngx_stream_module.so',
  geoip2: 'ngx_http_geoip2_module.so',
  modsecurity: 'ngx_http_modsecurity_module.so',
} as const;

/** What an instance will say of itself once its first boot is done. */
export function expectedFacts({ lightsail, nginx }: Balancer): Facts {
  const { blueprint, nginx: source } = lightsail!;
  const common = {
    time: 0,
    system: blueprint.split('_')[0]!,
    ca: '/etc/ssl/certs/ca-certificates.crt',
    curl: true,
    unit: 'nginx',
    control: null,
    free: null,
    plus: false,
  };
  if (blueprint === 'nginx')
    return {
      ...common,
      nginx: { path: '/opt/bitnami/nginx/sbin/nginx', version: BITNAMI, plus: false, built: OF_BITNAMI },
      configured: { user: 'daemon daemon', pid: '/opt/bitnami/nginx/tmp/nginx.pid' },
      moduleConfigs: '/opt/bitnami/nginx/modules',
      loaded: [],
      modules: [`/opt/bitnami/nginx/modules/${MODULES.geoip2}`],
      users: [{ name: 'daemon', group: 'daemon' }],
      unit: null,
      control: '/opt/bitnami/ctlscript.sh',
    };
  if (source === 'nginx.org')
    return {
      ...common,
      nginx: { path: '/usr/sbin/nginx', version: NGINX_ORG, plus: false, built: OF_NGINX_ORG },
      configured: { user: 'nginx', pid: '/run/nginx.pid' },
      moduleConfigs: '/etc/nginx/modules',
      loaded: [],
      modules: [],
      users: [{ name: 'nginx', group: 'nginx' }],
    };
  const version = VERSIONS[blueprint] ?? OLDEST;
  return {
    ...common,
    nginx: { path: '/usr/sbin/nginx', version, plus: false, built: PACKAGED_ARGUMENTS },
    configured: { user: 'www-data', pid: '/run/nginx.pid' },
    moduleConfigs: '/etc/nginx/modules-enabled',
    loaded: [MODULES.stream, ...nginx.modules.map((module) => MODULES[module])].map(
      (file) => `modules/${file}`,
    ),
    modules: [],
    users: [{ name: 'www-data', group: 'www-data' }],
  };
}

/** An instance that is still to be made, as far as it is known before. */
export function comingMachine(name: string, balancer: Balancer): Known {
  const { node, ...known } = knownBy(notMade(name), expectedFacts(balancer), undefined);
  return { ...known, node: { ...node, coming: true } };
}
