import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Candidate, Live, LookUp } from './complete.ts';

/**
 * Looks names up in lb.yaml and beside it, in what lbctl knows, and nowhere else: no machine and no service is asked
 * while somebody types. What cannot be read has no names.
 */
export function lookUpIn(cwd: string, env: Readonly<Record<string, string | undefined>>): LookUp {
  const balancer = (words: readonly string[]) =>
    read(resolve(cwd, fileOf(words) ?? env['LBCTL_FILE'] ?? 'lb.yaml'));
  const kinds: Readonly<Record<Live, (words: readonly string[]) => Promise<readonly Candidate[]>>> = {
    upstream: async (words) => upstreamsOf((await balancer(words)).data).map(([name]) => [name, '']),
    server: async (words) => serversOf((await balancer(words)).data, words),
    release: async (words) => releasesOf(await balancer(words)),
    rule: async () => (await import('../lib/lint/rules/needed.ts')).ruleIds().map((id) => [id, '']),
    context: async () =>
      (await import('../lib/nginx/directives/contexts.ts')).contextNames().map((name) => [name, '']),
    'lb.yaml': async () =>
      (await import('../lib/balancer/reference.ts'))
        .reference()
        .map(({ path, description }): Candidate => [path.replaceAll('.NAME', ''), description])
        .filter(([path]) => path !== ''),
  };
  return async (kind, words) => {
    try {
      return await kinds[kind](words);
    } catch {
      return [];
    }
  };
}

/** The lb.yaml that the line names. */
function fileOf(words: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    if (word === '--file' || word === '-f') return words[index + 1];
    if (word.startsWith('--file=')) return word.slice('--file='.length);
  }
  return undefined;
}

interface Read {
  readonly folder: string;
  /** What YAML makes of the file, which may be anything. */
  readonly data: unknown;
}

async function read(path: string): Promise<Read> {
  const { parseSource } = await import('../lib/balancer/source.ts');
  return { folder: dirname(path), data: parseSource(await readFile(path, 'utf8'), path).data };
}

function upstreamsOf(data: unknown): [name: string, value: unknown][] {
  return Object.entries(Object((data as { upstreams?: unknown }).upstreams));
}

/** Addresses, those of the upstream alone where one is named before. */
function serversOf(data: unknown, words: readonly string[]): Candidate[] {
  const upstreams = upstreamsOf(data);
  const named = upstreams.filter(([name]) => words.includes(name));
  return (named.length > 0 ? named : upstreams).flatMap(([name, value]) =>
    addressesIn(value).map((address): Candidate => [address, name]),
  );
}

/** Addresses of an upstream in its short forms and its long one. */
function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(addressesIn);
  const { servers, address } = Object(value) as { servers?: unknown; address?: unknown };
  return servers === undefined ? (typeof address === 'string' ? [address] : []) : addressesIn(servers);
}

/** Releases on this machine, the newest first. */
async function releasesOf({ folder, data }: Read): Promise<Candidate[]> {
  const { placesOf } = await import('../lib/providers/local/places.ts');
  const { releases, current } = placesOf(folder, String((data as { name?: unknown }).name));
  const now = basename(await readlink(current).catch(() => ''));
  const found = await Promise.all(
    (await readdir(releases)).map(async (id) => ({ id, made: (await stat(join(releases, id))).mtimeMs })),
  );
  return found
    .toSorted((a, b) => b.made - a.made)
    .map(({ id, made }) => [id, id === now ? 'the current one' : new Date(made).toISOString().slice(0, 16)]);
}
