import type { Check } from '../visit.ts';
import * as blocks from './blocks.ts';
import * as core from './core.ts';
import * as filters from './filters.ts';
import * as http from './http.ts';
import * as limits from './limits.ts';
import { listen } from './listen.ts';
import * as logs from './logs.ts';
import * as names from './names.ts';
import * as proxy from './proxy.ts';
import * as rewrite from './rewrite.ts';
import * as tables from './tables.ts';
import * as tls from './tls.ts';
import * as upstream from './upstream.ts';

const known = new Map<string, Check | undefined>();

/** The check of a directive whose arguments have a form of their own; undefined for the others. */
export function specialCheck(name: string): Check | undefined {
  const check = known.get(name);
  if (check || known.has(name)) return check;
  const found = checkOf(name);
  known.set(name, found);
  return found;
}

/** A table of so many functions would take longer to make than a small file to check, which has few of them. */
function checkOf(name: string): Check | undefined {
  switch (name) {
    case 'access_log':
      return logs.accessLog;
    case 'add_header':
    case 'add_trailer':
      return filters.addHeader;
    case 'aio':
      return http.aio;
    case 'alias':
      return http.root;
    case 'allow':
      return http.access;
    case 'auth_http':
      return core.authHttp;
    case 'auth_request':
      return (visit) => void visit.once();
    case 'auth_request_set':
      return rewrite.set;
    case 'charset':
    case 'source_charset':
      return filters.charset;
    case 'deny':
      return http.access;
    case 'directio':
      return http.directio;
    case 'disable_symlinks':
      return http.disableSymlinks;
    case 'error_log':
      return logs.errorLog;
    case 'error_page':
      return rewrite.errorPage;
    case 'events':
      return blocks.onceEverywhere;
    case 'expires':
      return filters.expires;
    case 'fastcgi_cache':
      return proxy.store;
    case 'fastcgi_cache_path':
      return limits.cachePath;
    case 'fastcgi_limit_rate':
      return proxy.limitRate;
    case 'fastcgi_pass':
      return proxy.plainPass;
    case 'fastcgi_split_path_info':
      return proxy.splitPathInfo;
    case 'fastcgi_store':
      return proxy.store;
    case 'grpc_pass':
      return proxy.plainPass;
    case 'grpc_set_header':
      return proxy.setHeader;
    case 'gzip_disable':
      return filters.gzipDisable;
    case 'gzip_hash':
      return filters.gzipHash;
    case 'gzip_window':
      return filters.gzipWindow;
    case 'hash':
      return upstream.method;
    case 'http':
      return blocks.onceEverywhere;
    case 'http2_push':
      return http.http2Push;
    case 'if':
      return blocks.ifCondition;
    case 'image_filter':
      return filters.imageFilter;
    case 'image_filter_jpeg_quality':
      return filters.imageQuality;
    case 'image_filter_sharpen':
      return filters.imageSharpen;
    case 'image_filter_webp_quality':
      return filters.imageQuality;
    case 'index':
      return http.index;
    case 'internal':
      return http.internal;
    case 'ip_hash':
      return upstream.method;
    case 'keepalive':
      return upstream.keepalive;
    case 'keepalive_timeout':
      return http.keepaliveTimeout;
    case 'least_conn':
    case 'least_time':
      return upstream.method;
    case 'limit_conn':
      return limits.limitConn;
    case 'limit_conn_zone':
      return limits.limitConnZone;
    case 'limit_except':
      return blocks.limitExcept;
    case 'limit_req':
      return limits.limitReq;
    case 'limit_req_zone':
      return limits.limitReqZone;
    case 'listen':
      return listen;
    case 'load_module':
      return core.loadModule;
    case 'location':
      return blocks.location;
    case 'log_format':
      return logs.logFormat;
    case 'mail':
      return blocks.onceEverywhere;
    case 'memcached_pass':
      return proxy.plainPass;
    case 'mirror':
      return http.mirror;
    case 'modern_browser':
      return filters.modernBrowser;
    case 'open_file_cache':
    case 'open_log_file_cache':
      return logs.openFileCache;
    case 'perl_set':
      return rewrite.definesFirst;
    case 'protocol':
      return core.protocol;
    case 'proxy_cache':
      return proxy.store;
    case 'proxy_cache_path':
      return limits.cachePath;
    case 'proxy_cookie_domain':
    case 'proxy_cookie_flags':
    case 'proxy_cookie_path':
      return proxy.proxyCookie;
    case 'proxy_http_version':
      return proxy.httpVersion;
    case 'proxy_limit_rate':
      return proxy.limitRate;
    case 'proxy_pass':
      return proxy.proxyPass;
    case 'proxy_redirect':
      return proxy.proxyRedirect;
    case 'proxy_set_header':
      return proxy.setHeader;
    case 'proxy_store':
      return proxy.store;
    case 'random':
      return upstream.method;
    case 'real_ip_header':
      return (visit) => void visit.once();
    case 'resolver':
      return core.resolver;
    case 'return':
      return rewrite.returnStatus;
    case 'rewrite':
      return rewrite.rewrite;
    case 'root':
      return http.root;
    case 'scgi_cache':
      return proxy.store;
    case 'scgi_cache_path':
      return limits.cachePath;
    case 'scgi_limit_rate':
      return proxy.limitRate;
    case 'scgi_pass':
      return proxy.plainPass;
    case 'scgi_store':
      return proxy.store;
    case 'server_name':
      return names.serverName;
    case 'set':
      return rewrite.set;
    case 'ssl_certificate':
    case 'ssl_certificate_key':
      return tls.certificate;
    case 'ssl_ocsp_cache':
      return limits.sslOcspCache;
    case 'ssl_session_cache':
      return limits.sslSessionCache;
    case 'state':
      return (visit) => void visit.once();
    case 'stream':
      return blocks.onceEverywhere;
    case 'sub_filter':
      return filters.subFilter;
    case 'thread_pool':
      return core.threadPool;
    case 'try_files':
      return rewrite.tryFiles;
    case 'tunnel_pass':
      return (visit) => void visit.once();
    case 'upstream':
      return upstream.upstream;
    case 'use':
      return core.useMethod;
    case 'userid_expires':
      return filters.useridExpires;
    case 'userid_mark':
      return filters.useridMark;
    case 'uwsgi_cache':
      return proxy.store;
    case 'uwsgi_cache_path':
      return limits.cachePath;
    case 'uwsgi_limit_rate':
      return proxy.limitRate;
    case 'uwsgi_pass':
      return proxy.plainPass;
    case 'uwsgi_store':
      return proxy.store;
    case 'valid_referers':
      return names.validReferers;
    case 'worker_connections':
      return core.connections;
    case 'worker_cpu_affinity':
      return core.workerCpuAffinity;
    case 'worker_priority':
      return core.workerPriority;
    case 'worker_processes':
      return core.workerProcesses;
    case 'zone':
      return limits.upstreamZone;
    default:
      return undefined;
  }
}

/** The `server` of an upstream; elsewhere `server` is a block. */
export const upstreamServer = upstream.upstreamServer;

/** Blocks whose lines are no directives. */
export const TABLES: Readonly<Record<string, tables.TableCheck>> = {
  charset_map: tables.charsetMap,
  geo: tables.geo,
  map: tables.map,
  split_clients: tables.splitClients,
  types: tables.types,
};
