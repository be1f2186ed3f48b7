import { isHttp } from '../balancer/protocol.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';

/** A module of NGINX that packages split off. */
export interface Module {
  readonly file: string;
  /** Argument by which it is part of the program itself. */
  readonly builtIn: string;
  readonly packages: string;
}

const STREAM: Module = {
  file: 'ngx_stream_module.so',
  builtIn: '--with-stream',
  packages: 'libnginx-mod-stream (Debian, Ubuntu) or nginx-mod-stream (Amazon Linux)',
};
const GEOIP2: Module = {
  file: 'ngx_http_geoip2_module.so',
  builtIn: 'ngx_http_geoip2_module',
  packages: 'libnginx-mod-http-geoip2 (Debian, Ubuntu)',
};
const MODSECURITY: Module = {
  file: 'ngx_http_modsecurity_module.so',
  builtIn: 'ModSecurity-nginx',
  packages: 'libnginx-mod-http-modsecurity (Debian, Ubuntu)',
};

/**
 * The modules that a balancer needs and that are not part of the program.
 * @param built arguments that NGINX was configured with.
 */
export function splitOffModules(built: readonly string[], balancer: Balancer): Module[] {
  const needed = [
    ...(Object.values(balancer.listeners).some((listener) => !isHttp(listener)) ? [STREAM] : []),
    ...(balancer.nginx.modules.includes('geoip2') ? [GEOIP2] : []),
    ...(balancer.nginx.modules.includes('modsecurity') ? [MODSECURITY] : []),
  ];
  return needed.filter(
    ({ builtIn }) => !built.some((argument) => argument === builtIn || argument.endsWith(`/${builtIn}`)),
  );
}
