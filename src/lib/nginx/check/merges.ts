import { Context } from '../directives/contexts.ts';
import type { Level, Site } from './level.ts';
import { parseNumber, parseOffset, parseSize } from './values.ts';
import type { Visit } from './visit.ts';

const PAGE = 4096;
const UPSTREAMS = ['proxy', 'fastcgi', 'uwsgi', 'scgi'];
const BUFFERS = ['buffers', 'buffer_size', 'busy_buffers_size', 'temp_file_write_size', 'max_temp_file_size'];

/** Values that must go together, own or inherited, as NGINX compares them in servers and locations. */
export function checkMerges(visit: Visit, top: Level): void {
  const pending = [top];
  for (let level = pending.pop(); level; level = pending.pop()) {
    for (const child of level.children) pending.push(child);
    if (level.scope === 'http' && level.context !== Context.http && level.context !== Context.upstream)
      checkLevel(visit, level);
    if (level.context === Context.streamServer) checkTls(visit, level, 'proxy');
  }
}

function checkLevel(visit: Visit, level: Level): void {
  const outermost = level.context === Context.server;
  for (const kind of UPSTREAMS) {
    const names = BUFFERS.map((name) => `${kind}_${name}`);
    // a level that adds nothing has been looked at with the one around it
    const adds = names.some((name) => (outermost ? level.settled(name) : level.own(name)));
    if (adds) checkBuffers(visit, level, kind, names);
  }
  for (const kind of ['proxy', 'grpc', 'uwsgi']) checkTls(visit, level, kind);
  if (outermost) checkHeaderBuffers(visit, level);
  referers(visit, level);
  charsets(visit, level);
  const secret = level.own('secure_link_secret');
  const link = level.own('secure_link') ?? level.own('secure_link_md5');
  if (secret && link)
    visit.faultOf(
      secret,
      'syntax/value',
      'secure_link_secret does not go with secure_link and secure_link_md5',
      {
        related: { message: 'the other one', site: link },
      },
    );
}

function valueOf(site: Site | undefined, index: number): string | undefined {
  return site?.directive.words[index]?.value;
}

function checkBuffers(visit: Visit, level: Level, kind: string, names: readonly string[]): void {
  const [buffers, bufferSize, busy, write, temp] = names.map((name) => level.settled(name));
  const count = parseNumber(valueOf(buffers, 1) ?? '8') ?? 8;
  const each = parseSize(valueOf(buffers, 2) ?? String(PAGE)) ?? PAGE;
  const first = parseSize(valueOf(bufferSize, 1) ?? String(PAGE)) ?? PAGE;
  const size = Math.max(each, first);
  // NGINX tells the first that fails; the one of this level explains it best
  const site =
    names.map((name) => level.own(name)).find(Boolean) ?? buffers ?? bufferSize ?? busy ?? write ?? temp!;
  const fail = (message: string, hint: string): void =>
    visit.faultOf(site, 'syntax/buffers', message, { hint });
  const busySize = parseSize(valueOf(busy, 1) ?? '') ?? 2 * size;
  const writeSize = parseSize(valueOf(write, 1) ?? '') ?? 2 * size;
  const tempSize = parseOffset(valueOf(temp, 1) ?? '') ?? 1024 ** 3;
  if (count < 2) fail(`${kind}_buffers must be two at least`, `such as ${kind}_buffers 8 4k`);
  else if (busySize < size)
    fail(
      `${kind}_busy_buffers_size (${shown(busySize)}) is smaller than ${kind}_buffer_size or one of the ${kind}_buffers (${shown(size)})`,
      `set ${kind}_busy_buffers_size to ${shown(size)} or more`,
    );
  else if (busySize > (count - 1) * each)
    fail(
      `${kind}_busy_buffers_size (${shown(busySize)}${busy ? '' : ', twice the greatest buffer'}) must be less than all ${kind}_buffers but one (${shown((count - 1) * each)})`,
      `more or greater ${kind}_buffers are needed, such as ${kind}_buffers ${Math.max(count, 4)} ${shown(size)}`,
    );
  else if (writeSize < size)
    fail(
      `${kind}_temp_file_write_size (${shown(writeSize)}) is smaller than the greatest buffer (${shown(size)})`,
      `set ${kind}_temp_file_write_size to ${shown(size)} or more`,
    );
  else if (tempSize !== 0 && tempSize < size)
    fail(
      `${kind}_max_temp_file_size (${shown(tempSize)}) is smaller than the greatest buffer (${shown(size)})`,
      'set it to 0 to use no files, or to a greater size',
    );
}

function shown(bytes: number): string {
  return bytes % 1024 === 0 && bytes > 0 ? `${bytes / 1024}k` : String(bytes);
}

function checkHeaderBuffers(visit: Visit, level: Level): void {
  const buffers = level.settled('large_client_header_buffers');
  const pool = level.settled('connection_pool_size');
  if (!buffers && !pool) return;
  const size = parseSize(valueOf(buffers, 2) ?? '8k') ?? 8192;
  const least = parseSize(valueOf(pool, 1) ?? '512') ?? 512;
  if (size >= least) return;
  visit.faultOf(
    (buffers ?? pool)!,
    'syntax/buffers',
    `large_client_header_buffers (${shown(size)}) are smaller than connection_pool_size (${shown(least)})`,
  );
}

const ENCRYPTED: Readonly<Record<string, RegExp>> = {
  proxy: /^https:|\$/iu,
  grpc: /^grpcs:|\$/iu,
  uwsgi: /^suwsgi:|\$/iu,
};

/** A side that is spoken to by TLS: what is verified needs authorities, a certificate needs its key. */
function checkTls(visit: Visit, level: Level, kind: string): void {
  const pass = level.own(`${kind}_pass`);
  if (!pass) return;
  const encrypted =
    level.scope === 'stream'
      ? valueOf(level.settled('proxy_ssl'), 1)?.toLowerCase() === 'on'
      : ENCRYPTED[kind]!.test(valueOf(pass, 1) ?? '');
  if (!encrypted) return;
  const verify = level.settled(`${kind}_ssl_verify`);
  if (valueOf(verify, 1)?.toLowerCase() === 'on' && !level.settled(`${kind}_ssl_trusted_certificate`))
    visit.faultOf(
      verify!,
      'syntax/tls',
      `there is no ${kind}_ssl_trusted_certificate for ${kind}_ssl_verify`,
      {
        hint: `name the authorities, such as ${kind}_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt`,
      },
    );
  const certificate = level.settled(`${kind}_ssl_certificate`);
  if (certificate && valueOf(certificate, 1) !== '' && !level.settled(`${kind}_ssl_certificate_key`))
    visit.faultOf(certificate, 'syntax/tls', `there is no ${kind}_ssl_certificate_key for this certificate`);
}

/** `none` and `blocked` say which requests without a referer pass; there must be referers as well. */
function referers(visit: Visit, level: Level): void {
  const site = level.own('valid_referers');
  if (!site || level.countOf('missing referer') === 0 || level.countOf('referer') > 0) return;
  visit.faultOf(site, 'syntax/value', 'valid_referers names no referer', {
    hint: 'none and blocked come in addition to names, such as server_names or *.example.com, not to expressions alone',
  });
}

/** What `charset` turns `source_charset` into must be known. */
function charsets(visit: Visit, level: Level): void {
  const adds = level.context === Context.server || level.own('charset') || level.own('source_charset');
  if (!adds) return;
  const [to, from] = ['charset', 'source_charset'].map((name) => level.settled(name));
  const [target, source] = [to, from].map((site) => valueOf(site, 1)?.toLowerCase());
  if (!to || target === undefined || source === undefined || target === 'off' || target === source) return;
  if (target.startsWith('$') || source.startsWith('$')) return;
  let http: Level | undefined = level;
  while (http && http.context !== Context.http) http = http.parent;
  if (http?.own(`charset_map ${[target, source].toSorted().join(' ')}`)) return;
  visit.faultOf(
    level.own('charset') ?? from!,
    'syntax/unknown-name',
    `there is no charset_map of ${source} and ${target}`,
    {
      hint: 'include koi-win, koi-utf or win-utf, or write a charset_map',
    },
  );
}
