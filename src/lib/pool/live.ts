import { contentsOf } from '../release/fetch.ts';
import type { ReleaseFile } from '../release/build.ts';
import { isConfiguration, type ServerLine, serverLines, textOf } from './marked.ts';
import { peerAddress } from './peer-address.ts';

/** Servers of one upstream, in one module of NGINX, in their order. */
interface Group {
  readonly module: string;
  readonly upstream: string;
  readonly lines: readonly string[][];
}

/** A server as the API of NGINX Plus has it. */
interface Peer {
  readonly address: string;
  readonly settings: Settings;
}

type Settings = Readonly<Record<string, string | number | boolean>>;

/** What NGINX takes where a server does not say it. */
const DEFAULTS: Settings = {
  weight: 1,
  max_conns: 0,
  max_fails: 1,
  fail_timeout: '10s',
  slow_start: '0s',
  backup: false,
  down: false,
  drain: false,
};

/** Characters that go to a node as one argument, which ssh quotes again. */
const LONGEST = 30_000;

/** Changes in the order in which they are made: there are servers that take connections at all times. */
const ORDER = ['add', 'lift', 'set', 'drop', 'has'] as const;

interface Change {
  readonly rank: (typeof ORDER)[number];
  readonly line: string;
}

/**
 * How NGINX Plus comes from one release to another one by its API, without a reload: a line a change, as the script of the
 * node takes them. Undefined where more than the servers of upstreams differs, or where the API cannot make the change.
 */
export function liveChanges(
  before: readonly ReleaseFile[],
  after: readonly ReleaseFile[],
): readonly string[] | undefined {
  if (!hasApi(before) || frameOf(before) !== frameOf(after)) return undefined;
  const old = new Map(groupsOf(before).map((group) => [keyOf(group), group]));
  const found: Change[] = [];
  for (const group of groupsOf(after)) {
    const changes = changesBetween(old.get(keyOf(group)), group);
    if (!changes) return undefined;
    found.push(...changes);
  }
  const lines = ORDER.flatMap((rank) => found.filter((change) => change.rank === rank)).map(
    ({ line }) => line,
  );
  return lines.length === 0 || lines.join('\n').length > LONGEST ? undefined : lines;
}

function hasApi(files: readonly ReleaseFile[]): boolean {
  const manifest = files.find(({ path }) => path === 'manifest');
  return manifest !== undefined && /^api /mu.test(textOf(manifest));
}

/** All that a release is but for the servers of its upstreams, to be compared. */
function frameOf(files: readonly ReleaseFile[]): string {
  const kept = new Set(files.filter(isConfiguration).map(({ path }) => path));
  const loads = files.filter(({ path }) => path === 'modules/load.conf');
  const parts = [...contentsOf(files), ...loads].map(({ path, content }): [string, string] => {
    const bytes = Buffer.from(content);
    return [path, kept.has(path) ? withoutServers(bytes.toString('utf8')) : bytes.toString('latin1')];
  });
  return JSON.stringify(parts.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function withoutServers(text: string): string {
  let rest = '';
  let copied = 0;
  for (const { line } of serverLines(text)) {
    rest += text.slice(copied, line.start).trimEnd();
    copied = line.end;
  }
  return rest + text.slice(copied);
}

function groupsOf(files: readonly ReleaseFile[]): Group[] {
  const groups = new Map<string, ServerLine[]>();
  for (const server of files.filter(isConfiguration).flatMap((file) => serverLines(textOf(file))))
    groups.set(keyOf(server), [...(groups.get(keyOf(server)) ?? []), server]);
  return [...groups.values()].map((servers) => ({
    module: servers[0]!.module,
    upstream: servers[0]!.upstream,
    lines: servers.map(({ line }) => line.words.slice(1).map(({ value }) => value)),
  }));
}

function keyOf({ module, upstream }: { readonly module: string; readonly upstream: string }): string {
  return `${module} ${upstream}`;
}

/** Undefined where the API cannot make them. */
function changesBetween(before: Group | undefined, after: Group): Change[] | undefined {
  if (JSON.stringify(before?.lines) === JSON.stringify(after.lines)) return [];
  const old: (Peer | undefined)[] = (before?.lines ?? []).map(peerOf);
  const now: (Peer | undefined)[] = after.lines.map(peerOf);
  if (old.length === 0 || !areApart(old) || !areApart(now) || !/^[\w.-]+$/u.test(after.upstream))
    return undefined;
  const [known, wanted] = [byAddress(old), byAddress(now)];
  const stay = old.filter(({ address }) => wanted.has(address));
  const added = now.filter(({ address }) => !known.has(address));
  // what is added comes last; where order decides who gets which client, another one would be another configuration
  const order = [...stay, ...added].map(({ address }) => address);
  if (now.some(({ address }, index) => address !== order[index])) return undefined;
  const at = keyOf(after);
  const changes: Change[] = [];
  for (const { address, settings } of added) {
    const said = { server: address, ...differing(DEFAULTS, settings) };
    changes.push({ rank: 'add', line: `${at} add ${address} ${JSON.stringify(said)}` });
  }
  for (const { address, settings } of stay) {
    const said = differing(settings, wanted.get(address)!);
    if ('backup' in said) return undefined;
    if (Object.keys(said).length === 0) continue;
    const isLifted = said['drain'] === false || said['down'] === false;
    const line = `${at} set ${address} ${JSON.stringify(said)}`;
    changes.push({ rank: isLifted ? 'lift' : 'set', line });
  }
  for (const { address } of old)
    if (!wanted.has(address)) changes.push({ rank: 'drop', line: `${at} drop ${address}` });
  const states = now.map(({ address, settings }) => `${address}=${stateOf(settings)}`);
  return [...changes, { rank: 'has', line: `${at} has ${states.join(' ')}` }];
}

function stateOf({ down, drain }: Settings): string {
  return down ? 'down' : drain ? 'drain' : 'up';
}

function byAddress(peers: readonly Peer[]): ReadonlyMap<string, Settings> {
  return new Map(peers.map(({ address, settings }) => [address, settings]));
}

/** Whether all are known to the API by addresses of their own. */
function areApart(peers: readonly (Peer | undefined)[]): peers is Peer[] {
  return !peers.includes(undefined) && new Set(peers.map((peer) => peer!.address)).size === peers.length;
}

/** A server by its words in the configuration; undefined where its address is looked up, or it says what is not known here. */
function peerOf([place = '', ...words]: readonly string[]): Peer | undefined {
  const address = peerAddress(place);
  if (address === undefined) return undefined;
  const settings: Record<string, string | number | boolean> = { ...DEFAULTS };
  for (const word of words) {
    const [, name = '', value] = /^(\w+)(?:=(.*))?$/u.exec(word) ?? [];
    if (!Object.hasOwn(DEFAULTS, name) || (value === undefined) !== (DEFAULTS[name] === false))
      return undefined;
    settings[name] = value === undefined ? true : typeof DEFAULTS[name] === 'number' ? Number(value) : value;
  }
  return { address, settings };
}

/** Settings of a server that are others than before. */
function differing(before: Settings, after: Settings): Settings {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value));
}
