import { Context } from '../directives/contexts.ts';
import { isBuiltIn, variableProblem } from '../variables.ts';
import { isHashable } from './hashes.ts';
import type { Level } from './level.ts';
import { checkMerges } from './merges.ts';
import { checkServers } from './servers.ts';
import { parseSize } from './values.ts';
import type { Visit } from './visit.ts';

/** What can be said only when all has been read: names that nothing makes, and values that do not go together. */
export function finish(visit: Visit, top: Level, whole: boolean): void {
  if (top.context === Context.main) eventsThere(visit, top, whole);
  // what a part of a configuration lacks may stand in the rest of it
  if (visit.fragment) return;
  for (const scope of ['http', 'stream'] as const) {
    variables(visit, scope);
    variableTable(visit, top, scope);
    upstreamPorts(visit, scope);
  }
  zones(visit);
  threadPools(visit);
  checkServers(visit, top);
  checkMerges(visit, top);
}

/** Files that hold nothing but these are parts of a configuration, not one of their own. */
const PARTS = /^(?:load_module|include|env|stream|mail)$/u;

function eventsThere(visit: Visit, top: Level, whole: boolean): void {
  const named = visit.mainFile.document.statements.some(
    (one) => one.kind === 'directive' && one.name === 'events',
  );
  // an events that is not a block has been told as that
  if (top.own('events') || named) return;
  const { mainFile } = visit;
  const first = mainFile.document.statements.find((one) => one.kind === 'directive' && !PARTS.test(one.name));
  if (!first && !whole) return;
  visit.faultAt(
    mainFile,
    'syntax/missing-block',
    'there is no events block',
    first?.start ?? 0,
    first?.start ?? 0,
    {
      hint: 'add events { } to the main file; NGINX does not start without it',
    },
  );
}

function variables(visit: Visit, scope: 'http' | 'stream'): void {
  const { version } = visit.target;
  const names = visit.namesOf(scope);
  for (const [name, { site, word }] of names.variableUses) {
    if (names.variables.has(name) || isBuiltIn(name, scope, version)) continue;
    if (visit.foreignModules || FOREIGN.test(name) || (visit.target.plus && PLUS.test(name))) continue;
    const problem = variableProblem(name, scope, version, visit.near)!;
    const close = visit.near(name, names.variables.keys());
    visit.faultOf(site, 'syntax/variable', problem.message, {
      word,
      hint: close === undefined ? problem.hint : `did you mean $${close}?`,
    });
  }
}

/** A variable whose name is longer than a bucket of the table of variables stops NGINX. */
function variableTable(visit: Visit, top: Level, scope: 'http' | 'stream'): void {
  const block = top.children.find(({ context }) => context === Context[scope]);
  if (!block) return;
  const setting = block.own('variables_hash_bucket_size');
  const size = parseSize(setting?.directive.words[1]?.value ?? '64') ?? 64;
  if (setting && !isHashable(LONGEST_BUILT_IN, size)) {
    visit.faultOf(setting, 'syntax/hash', `a bucket of ${size} bytes takes none of the variables`, {
      hint: 'leave it out, or set it to 64 or more',
    });
    return;
  }
  for (const [name, site] of visit.namesOf(scope).variables) {
    if (isHashable(name, size)) continue;
    visit.faultOf(site, 'syntax/hash', `the name $${name} is longer than the table of variables takes`, {
      hint: `choose a shorter name, or add variables_hash_bucket_size ${size <= 64 ? 128 : 256};`,
    });
  }
}

const LONGEST_BUILT_IN = 'proxy_add_x_forwarded_for';

/** Variables of modules that are often built in. */
const FOREIGN =
  /^(?:brotli_ratio|otel_(?:trace_id|span_id|parent_id|parent_sampled)|modsecurity_.*|acme_certificate(?:_key)?|vts_.*|lua_.*|zstd_ratio|rtmp.*|headers_more.*)$/u;

/** Variables that NGINX Plus alone has. */
const PLUS =
  /^(?:jwt_.*|oidc_.*|f4f.*|session_log_.*|upstream_queue_time|upstream_last_server_name|proxy_protocol_tlv_.*|mqtt_.*|status_.*|sent_http_.*)$/u;

function upstreamPorts(visit: Visit, scope: 'http' | 'stream'): void {
  const { hostsWithoutPort, upstreams } = visit.namesOf(scope);
  for (const [host, { site, word }] of hostsWithoutPort) {
    if (upstreams.has(host)) continue;
    const close = visit.near(host, upstreams.keys());
    visit.faultOf(site, 'syntax/upstream', `${host} has no port, and there is no upstream of this name`, {
      word,
      hint: close === undefined ? 'write host:port' : `did you mean ${close}?`,
    });
  }
}

function zones(visit: Visit): void {
  for (const { name, kind, site, word } of visit.zones.unmade()) {
    const close = visit.near(name, visit.zones.madeNames());
    const maker = MAKERS[kind.split(' ').at(-1)!] ?? `${kind}_path … keys_zone=${name}:10m`;
    visit.faultOf(site, 'syntax/zone', `nothing makes the zone ${name === '' ? '(empty)' : name}`, {
      word,
      hint: close === undefined ? `add ${maker.replace('NAME', name)}` : `did you mean ${close}?`,
    });
  }
}

const MAKERS: Readonly<Record<string, string>> = {
  limit_req: 'limit_req_zone $binary_remote_addr zone=NAME:10m rate=…',
  limit_conn: 'limit_conn_zone $binary_remote_addr zone=NAME:10m',
  upstream: 'the size: zone NAME 64k',
};

function threadPools(visit: Visit): void {
  const { made, uses } = visit.threadPools;
  for (const { name, site, word } of uses) {
    if (name === 'default' || made.has(name)) continue;
    visit.faultOf(site, 'syntax/unknown-name', `there is no thread pool ${name}`, {
      word,
      hint: `add thread_pool ${name} threads=32; to the main context`,
    });
  }
}
