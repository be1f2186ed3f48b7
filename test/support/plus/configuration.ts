import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../../src/lib/nginx/syntax/parse.ts';
import type { Directive, Statement } from '../../../src/lib/nginx/syntax/tree.ts';
import { added, type Group, type Settings } from './upstreams.ts';

/** Directives and parameters of NGINX Plus that an open source one does not know, and does without. */
const LEFT_OUT = new Set(['health_check', 'sticky', 'least_time', 'auth_jwt', 'auth_jwt_key_file']);
const OWN_PARAMETERS = /^(?:slow_start|route|service)=|^resolve$/u;

/** The upstreams of a configuration in a folder. */
export function groupsIn(folder: string): Group[] {
  const groups: Group[] = [];
  for (const file of configurations(folder))
    eachUpstream(readFileSync(file, 'utf8'), (module, upstream) => {
      const inside = upstream.block!.statements.filter((line) => line.kind === 'directive');
      const zone = inside.find(({ name }) => name === 'zone')?.words[1]?.value ?? null;
      const backups = !inside.some(({ name }) => ['hash', 'ip_hash', 'random'].includes(name));
      const group: Group = { module, name: upstream.words[1]!.value, zone, backups, peers: [], next: 0 };
      for (const { name, words } of inside)
        if (name === 'server') added(group, settingsOf(words.slice(1).map(({ value }) => value)));
      groups.push(group);
    });
  return groups;
}

function settingsOf([server = '', ...words]: readonly string[]): Settings {
  const pairs = words.map((word): [string, unknown] => {
    const [name = '', value] = word.split('=');
    return [
      name,
      value === undefined ? true : /^(?:weight|max_conns|max_fails)$/u.test(name) ? Number(value) : value,
    ];
  });
  // names are looked up when a configuration is loaded, and all of them are this machine
  const named = /^[\w.-]*[a-z][\w.-]*(?=:|$)/iu;
  const address = server.startsWith('unix:') ? server : server.replace(named, '127.0.0.1');
  return { server: address, ...Object.fromEntries(pairs) };
}

/**
 * Copies a configuration to a folder, for an open source NGINX: with the servers of groups, and a socket in place of the
 * API, so that it does what NGINX Plus would do.
 */
export function translate(
  from: string,
  to: string,
  groups: readonly Group[],
  { socket, pid }: { readonly socket: string; readonly pid: string },
): void {
  cpSync(from, to, { recursive: true, dereference: true });
  for (const file of configurations(to)) {
    const text = readFileSync(file, 'utf8');
    const edits: (readonly [start: number, end: number, text: string])[] = [];
    eachUpstream(text, (module, upstream) => {
      const group = groups.find(
        (other) => other.module === module && other.name === upstream.words[1]!.value,
      )!;
      const lines = upstream.block!.statements.filter((line) => line.kind === 'directive');
      for (const { name, start, end } of lines)
        if (name === 'server' || name === 'keepalive') edits.push([start, end, '']);
      edits.push([
        upstream.block!.close,
        upstream.block!.close,
        group.peers.map((peer) => `${serverLine(peer)}\n`).join(''),
      ]);
    });
    each(parse(text).statements, ({ name, start, end }) => {
      if (name === 'api') edits.push([start, end, `proxy_pass http://unix:${socket};`]);
      if (name === 'pid') edits.push([start, end, `pid ${pid};`]);
      if (name === 'error_log') edits.push([start, end, 'error_log stderr info;']);
      if (LEFT_OUT.has(name)) edits.push([start, end, '']);
    });
    let changed = text;
    for (const [start, end, instead] of edits.toSorted(([a], [b]) => b - a))
      changed = changed.slice(0, start) + instead + changed.slice(end);
    writeFileSync(file, changed);
  }
}

function serverLine({
  server,
  weight,
  max_conns: most,
  max_fails: fails,
  fail_timeout: time,
  backup,
  down,
  drain,
}: Group['peers'][number]): string {
  const flags = [...(backup ? ['backup'] : []), ...(down || drain ? ['down'] : [])];
  return `${['server', server, `weight=${weight}`, `max_conns=${most}`, `max_fails=${fails}`, `fail_timeout=${time}`, ...flags].filter((word) => !OWN_PARAMETERS.test(word)).join(' ')};`;
}

function configurations(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.conf') && statSync(path).isFile());
}

function each(statements: readonly Statement[], found: (directive: Directive) => void): void {
  for (const statement of statements) {
    if (statement.kind !== 'directive') continue;
    found(statement);
    each(statement.block?.statements ?? [], found);
  }
}

function eachUpstream(text: string, found: (module: Group['module'], upstream: Directive) => void): void {
  const { statements } = parse(text);
  const stream = statements.flatMap((line) =>
    line.kind === 'directive' && line.name === 'stream' ? (line.block?.statements ?? []) : [],
  );
  const others = statements.filter((line) => !(line.kind === 'directive' && line.name === 'stream'));
  for (const [module, list] of [
    ['stream', stream],
    ['http', others],
  ] as const)
    each(list, (directive) => {
      if (directive.name === 'upstream' && directive.block) found(module, directive);
    });
}
