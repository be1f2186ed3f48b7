import { shapesOf } from '../../src/lib/nginx/directives/knowledge.ts';
import { parse } from '../../src/lib/nginx/syntax/parse.ts';
import type { Statement } from '../../src/lib/nginx/syntax/tree.ts';

/**
 * Differences that are none of the text, or that are known and left, each with its reason. Whatever is not listed
 * here is a defect.
 */

/** NGINX complains of the machine: names it cannot look up, files, ports, modules, libraries and rights. */
const MACHINE: readonly RegExp[] = [
  /host not found in /u,
  /\bopen\(\) .* failed/u,
  /\b(?:mkdir|chown|chmod|stat|bind|socket|setsockopt|dlopen|opendir|read|pread|glob|listen|lstat)\(\) .* ?failed/u,
  /(?:mkdir|bind|dlopen)\(\)/u,
  /still could not bind/u,
  /get(?:pw|gr)nam\(.*failed/u,
  /cannot load certificate|cannot load certificate key|SSL_CTX|SSL_load|PEM_|BIO_|X509|d2i_/u,
  /is not binary compatible|module ".*" version/u,
  // file AIO is there only where it was built in
  /"aio on" is unsupported/u,
  // a table of some sixty kilobytes a bucket: nobody's configuration
  /too large \w+_bucket_size/u,
  /"pread\(\)" has returned|returned only/u,
  // what OpenSSL knows depends on its version and its configuration
  /SSL_CONF_cmd|ENGINE_by_id|SSL_CTX_set/u,
];

/** NGINX says that a directive is unknown which one of its modules has that the text does not load. */
function isAbsentModule(theirs: string): boolean {
  const name = /unknown directive "([^"]*)"/u.exec(theirs)?.[1];
  return (
    name !== undefined &&
    shapesOf(name).some((shape) => MODULES.test(shape.module) || shape.origin === 'third-party')
  );
}

/** Modules that Debian and others build as files of their own, or leave out. */
const MODULES =
  /^ngx_(?:stream|mail)|_(?:perl|xslt|image|geoip|degradation|google_perftools|iocp|devpoll|eventport|kqueue|rtsig|poll|select)|^ngx_google|ngx_http_core_module$/u;

/** Debian put max_headers into its 1.22.1, years after that release. */
const BACKPORTED = / max_headers is there since/u;

/** Without rights NGINX looks at `user` no further, not even whether it stands there twice. */
const ROOT = / user is given twice/u;

/** What other modules make of their words is not checked: they say so, or in words of their own. */
const OTHERS = /#\d+: is duplicate in|more_\w+_headers|eval_pv|lua|perl|modsecurity|echo|geoip2/u;

/** Whether the variable that NGINX complains of stands in a directive of another module. */
function isOthersVariable(theirs: string, text: string): boolean {
  const name = /unknown "([^"]*)" variable|closing bracket in "([^"]*)" variable/u
    .exec(theirs)
    ?.slice(1)
    .find(Boolean);
  return name !== undefined && wordsOfOthers(parse(text).statements).some((word) => word.includes(name));
}

function wordsOfOthers(statements: readonly Statement[]): string[] {
  return statements.flatMap((one) => {
    if (one.kind !== 'directive') return [];
    const others = shapesOf(one.name).some(({ origin }) => origin === 'third-party');
    const inner = wordsOfOthers(one.block?.statements ?? []);
    return others ? [...one.words.map(({ value }) => value), ...inner] : inner;
  });
}

export function excused(theirs: string | undefined, ours: readonly string[], text: string): boolean {
  if (theirs === undefined)
    return ours.every((finding) => ROOT.test(finding) || BACKPORTED.test(finding)) && ours.length > 0;
  return (
    MACHINE.some((pattern) => pattern.test(theirs)) ||
    isAbsentModule(theirs) ||
    (ours.length === 0 && (OTHERS.test(theirs) || isOthersVariable(theirs, text)))
  );
}
