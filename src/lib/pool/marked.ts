import { directiveRows } from '../nginx/layout.ts';
import { parse } from '../nginx/syntax/parse.ts';
import type { Directive, Statement } from '../nginx/syntax/tree.ts';
import { type ReleaseFile, renamed } from '../release/build.ts';
import { drainFlag } from '../render/upstreams.ts';
import { serverOf, wordOf } from './drained.ts';

/** A server as a release has NGINX use it. */
export interface ServedServer {
  readonly upstream: string;
  readonly address: string;
  /** Whether it gets no new clients. */
  readonly down: boolean;
}

/** The servers of a release, read from its configuration. */
export function serversIn(files: readonly ReleaseFile[]): ServedServer[] {
  return files.filter(isConfiguration).flatMap((file) =>
    serverLines(textOf(file)).map(({ upstream, line }) => ({
      upstream,
      address: line.words[1]!.value,
      down: line.words.some(isMark),
    })),
  );
}

/**
 * A release in which just these servers are drained, and nothing else is different: what other drained ones it was made
 * with take connections again. Where lb.yaml has not changed, it is the one that lb.yaml gives with them.
 * @param drained words as nodes keep them; those that the release does not have, or marks as down itself, do nothing.
 */
export function markDrained(
  files: readonly ReleaseFile[],
  drained: readonly string[],
): { readonly id: string; readonly files: readonly ReleaseFile[] } {
  const manifest = files.find(({ path }) => path === 'manifest');
  const lines = manifest ? textOf(manifest).split('\n') : [];
  const before = new Set(lines.filter((line) => line.startsWith('drained ')).map(drainedIn));
  const up = new Set(
    serversIn(files)
      .filter((server) => !server.down || before.has(wordOf(server)))
      .map(wordOf),
  );
  const now = new Set(drained.filter((word) => up.has(word)));
  const plus = lines.some((line) => line.startsWith('api '));
  const changed = files.map((file) => {
    if (file === manifest) return withText(file, manifestWith(lines, before, now).join('\n'));
    return isConfiguration(file) ? withText(file, configurationWith(textOf(file), before, now, plus)) : file;
  });
  return renamed(changed);
}

/** `drained UPSTREAM ADDRESS [HOST PORT]` in a manifest; the last two are those of the `server` line that it stands for. */
function drainedIn(line: string): string {
  const [, upstream = '', address = ''] = line.split(' ');
  return wordOf({ upstream, address });
}

function manifestWith(
  lines: readonly string[],
  before: ReadonlySet<string>,
  now: ReadonlySet<string>,
): string[] {
  const lifted = lines.flatMap((line) => {
    if (!line.startsWith('drained ') || now.has(drainedIn(line))) return [line];
    const [, upstream, , host, port] = line.split(' ');
    return host === undefined ? [] : [`server ${upstream} ${host} ${port}`];
  });
  const added = [...now].filter((word) => !before.has(word)).map(serverOf);
  for (const { upstream, address } of added) {
    const at = lifted.indexOf(`server ${upstream} ${hostAndPort(address)}`);
    const line = `drained ${upstream} ${address}`;
    if (at >= 0) lifted[at] = `${line} ${hostAndPort(address)}`;
    // what is not asked for, such as a socket or UDP, has no line; the last one is the empty end of the file
    else lifted.splice(-1, 0, line);
  }
  return lifted;
}

/** As lines of servers in a manifest have it. */
function hostAndPort(address: string): string {
  const [, host, port = '80'] = /^(\[.*\]|[^:]+)(?::(\d+))?$/u.exec(address) ?? [];
  return `${host} ${port}`;
}

function configurationWith(
  text: string,
  before: ReadonlySet<string>,
  now: ReadonlySet<string>,
  plus: boolean,
): string {
  let result = '';
  let copied = 0;
  for (const { upstream, module, line } of serverLines(text)) {
    const word = wordOf({ upstream, address: line.words[1]!.value });
    if (before.has(word) === now.has(word)) continue;
    const words = line.words.filter((word) => !isMark(word)).map(({ raw }) => raw);
    const indent = /[^\n]*$/u.exec(text.slice(0, line.start))![0];
    const rows = directiveRows([...words, ...(now.has(word) ? [drainFlag(plus, module)] : [])], indent);
    result += text.slice(copied, line.start) + rows.join('\n').slice(indent.length);
    copied = line.end;
  }
  return result + text.slice(copied);
}

/** A server in the text of a configuration. */
export interface ServerLine {
  readonly module: 'http' | 'stream';
  readonly upstream: string;
  readonly line: Directive;
}

/** The servers of the upstreams in a configuration; upstreams that are in a file of their own are those of http. */
export function serverLines(text: string): ServerLine[] {
  const found: ServerLine[] = [];
  const look = (statements: readonly Statement[], module: 'http' | 'stream'): void => {
    for (const statement of statements) {
      if (statement.kind !== 'directive' || !statement.block) continue;
      const { name, words, block } = statement;
      if (name === 'http' || name === 'stream') look(block.statements, name);
      if (name !== 'upstream') continue;
      for (const line of block.statements)
        if (line.kind === 'directive' && line.name === 'server' && line.words.length > 1)
          found.push({ module, upstream: words[1]?.value ?? '', line });
    }
  };
  look(parse(text).statements, 'http');
  return found;
}

function isMark({ value }: { readonly value: string }): boolean {
  return value === 'down' || value === 'drain';
}

/** Whether a file may hold servers. */
export function isConfiguration({ path, mode }: ReleaseFile): boolean {
  return path.endsWith('.conf') && mode === 0o644;
}

export function textOf({ content }: ReleaseFile): string {
  return Buffer.from(content).toString('utf8');
}

function withText(file: ReleaseFile, text: string): ReleaseFile {
  return { ...file, content: Buffer.from(text) };
}
