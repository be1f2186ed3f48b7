import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { makeFolder } from './lib/make-folder.ts';

interface Compiled {
  readonly script: Script;
  readonly cacheFile: string;
  /** Bytes of the code that was kept of it; 0 where none was, or none that this V8 takes. */
  readonly kept: number;
}

type Require = (id: string) => unknown;

/** A chunk as scripts/build.js writes it. */
type Chunk = (exports: unknown, require: Require, module: unknown, folder: string) => void;

/** Chunks that stand in a file with others, by their names. */
type Packed = Readonly<Record<string, () => unknown>>;

/** Set by scripts/build.js: a digest of all chunks, and the commands that have theirs in one file. */
declare const BUILD_DIGEST: string;
declare const PACKED: readonly string[];

/** Days after which the code of a build that nobody runs any more goes. */
const DAYS_KEPT = 30;

/**
 * So many times what Node itself has taken of the processor before. What a longer run leaves is worse than nothing for a
 * short one: V8 has forgotten what the run began with, and marks what was called often to be compiled twice as soon as
 * it is called.
 */
const LONG_RUN = 8;

/**
 * Runs the program in a folder of this bundle and keeps the code that V8 compiles for it and for what it loads; later
 * runs reuse it, as with `module.enableCompileCache` of Node 22. Whatever goes wrong with the cache, the program runs
 * without it. NODE_DISABLE_COMPILE_CACHE turns it off, as in Node 22.
 *
 * V8 compiles only the functions that a run calls, and another run calls others. Where nothing is kept yet, a command that
 * is to start quickly rehearses what most of its runs need, so that an unusual first one is no matter; and code is kept
 * again whenever it has become twice as old, with all that has come together since.
 *
 * The chunks are read from where they are known to be: Node looks for each in several places, which takes longer than
 * to read it. Those of a command that is to start quickly stand in one file.
 * @param ordinary loads all but the chunks, and everything where nothing can be kept.
 */
export function runKept(folder: string, program: string, ordinary: Require): void {
  const started = Date.now();
  const before = processorTime();
  const cache = process.env['NODE_DISABLE_COMPILE_CACHE'] ? undefined : cacheFolder();
  if (cache === undefined) {
    ordinary(`${folder}/${program}`);
    return;
  }
  const again = started - cache.born >= 2 * (cache.renewed - cache.born);
  const compiled: Compiled[] = [];
  const compile = (filename: string): unknown => {
    const cacheFile = `${cache.path}/${filename.slice(filename.lastIndexOf('/') + 1)}`;
    const cachedData = read(cacheFile);
    // there is nothing in it but ASCII, which is read quicker as what it is
    const script = new Script(readFileSync(filename, 'latin1'), {
      filename,
      ...(cachedData ? { cachedData } : {}),
    });
    const kept = cachedData && !script.cachedDataRejected ? cachedData.length : 0;
    compiled.push({ script, cacheFile, kept });
    return script.runInThisContext();
  };
  const command = process.argv[2] ?? '';
  let chunks: Packed = {};
  let rehearse: (() => void) | undefined;
  const pack = PACKED.includes(command) ? `${folder}/packs/${command}.js` : undefined;
  const loaded = new Map<string, { exports: unknown }>();
  const load = (filename: string): unknown => {
    const known = loaded.get(filename);
    if (known) return known.exports;
    const module: { exports: unknown } = { exports: {} };
    loaded.set(filename, module);
    const slash = filename.lastIndexOf('/');
    const packed = chunks[filename.slice(slash + 1)];
    if (packed) return (module.exports = packed());
    const own = filename.slice(0, slash);
    const run = compile(filename) as Chunk;
    const require: Require = (id) => (id.startsWith('./') ? load(own + id.slice(1)) : ordinary(id));
    run(module.exports, require, module, own);
    return module.exports;
  };
  // At the end, so that functions compiled while they ran are kept too.
  process.on('exit', () => {
    if (processorTime() > LONG_RUN * before) return;
    if (rehearse && compiled.some(({ kept }) => kept === 0)) attempt(rehearse);
    let saved = false;
    for (const each of compiled) if (again || each.kept === 0) saved = save(each) || saved;
    if (again && !saved) touch(cache.path);
  });
  // With nothing left to do the system takes down at once what Node would take down piece by piece.
  process.on('beforeExit', () => process.exit());
  if (pack === undefined) load(`${folder}/${program}`);
  else {
    const module: { exports: { chunks: Packed; rehearse?: () => void } } = { exports: { chunks } };
    const run = compile(pack) as Chunk;
    run(
      module.exports,
      (id) => (id.startsWith('./') ? load(folder + id.slice(1)) : ordinary(id)),
      module,
      // as deep in the package as the chunks
      `${folder}/packs`,
    );
    ({ chunks, rehearse } = module.exports);
  }
}

/** Where code is kept, and since when; the folder changes with each file that is put into it. */
interface Cache {
  readonly path: string;
  readonly born: number;
  readonly renewed: number;
}

/**
 * A folder of the user's own that nobody else can write to, as what lies there is run; undefined where there is none.
 * Each build has its own, so that the code of another one is never taken, and so have the options of Node, as V8
 * refuses code that was made with others.
 */
function cacheFolder(): Cache | undefined {
  try {
    const { XDG_CACHE_HOME, HOME, NODE_OPTIONS } = process.env;
    if (!XDG_CACHE_HOME && !HOME) return undefined;
    const all = `${XDG_CACHE_HOME || `${HOME}/.cache`}/lbctl/node-${process.version}-${process.arch}`;
    const options = process.execArgv.concat(NODE_OPTIONS || []).join(' ');
    const path = `${all}/${BUILD_DIGEST}${options ? encodeURIComponent(` ${options}`).slice(0, 150) : ''}`;
    let found = statSync(path, { throwIfNoEntry: false });
    if (!found) {
      makeFolder(path, 0o700);
      sweep(all);
      found = statSync(path);
    }
    const { uid, mode, birthtimeMs, mtimeMs } = found;
    return process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0)
      ? undefined
      : { path, born: birthtimeMs, renewed: mtimeMs };
  } catch {
    return undefined;
  }
}

/** Removes the code of builds for which nothing was kept for long. */
function sweep(all: string): void {
  const oldest = Date.now() - DAYS_KEPT * 86_400_000;
  for (const name of readdirSync(all)) {
    const folder = `${all}/${name}`;
    if (statSync(folder).mtimeMs < oldest) rmSync(folder, { recursive: true, force: true });
  }
}

/** What is rehearsed for other runs does nothing to this one. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // then there is less to keep
  }
}

/** What there was to keep is kept already; the next look is due when it has become twice as old. */
function touch(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // then each run looks
  }
}

/** Microseconds that this process has taken. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Whether there was more to keep than before. */
function save({ script, cacheFile, kept }: Compiled): boolean {
  const beside = `${cacheFile}.${process.pid}`;
  try {
    const data = script.createCachedData();
    if (data.length <= kept) return false;
    writeFileSync(beside, data, { mode: 0o600 });
    renameSync(beside, cacheFile);
    return true;
  } catch {
    rmSync(beside, { force: true });
    return false;
  }
}
