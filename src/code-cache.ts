import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { Script } from 'node:vm';

interface Compiled {
  readonly script: Script;
  readonly cacheFile: string;
  /** Bytes of the code that was kept of it; 0 where none was, or none that this V8 takes. */
  readonly kept: number;
}

type Require = (id: string) => unknown;

/** Days after which the code of a build that nobody runs any more goes. */
const DAYS_KEPT = 30;

/**
 * Runs a file of this bundle and keeps the code that V8 compiles for it and for what it loads; later runs reuse it, as
 * with `module.enableCompileCache` of Node 22. Whatever goes wrong with the cache, the program runs without it.
 * NODE_DISABLE_COMPILE_CACHE turns it off, as in Node 22.
 *
 * V8 compiles only the functions that a run calls, and another run calls others: after 1, 2, 4, 8… runs it is kept
 * again, with all that has come together since.
 *
 * The chunks are read from where they are known to be: Node looks for each in several places, which takes longer than
 * to read it.
 * @param ordinary loads all but the chunks, and everything where nothing can be kept.
 */
export function runKept(file: string, ordinary: Require): void {
  const folder = process.env['NODE_DISABLE_COMPILE_CACHE'] ? undefined : cacheFolder(file);
  if (folder === undefined) {
    ordinary(file);
    return;
  }
  const compiled: Compiled[] = [];
  const loaded = new Map<string, { exports: unknown }>();
  const load = (filename: string): unknown => {
    const known = loaded.get(filename);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(filename, module);
    const slash = filename.lastIndexOf('/');
    const own = filename.slice(0, slash);
    const cacheFile = `${folder}/${filename.slice(slash + 1)}`;
    const cachedData = read(cacheFile);
    const script = new Script(readFileSync(filename, 'utf8'), {
      filename,
      ...(cachedData ? { cachedData } : {}),
    });
    compiled.push({
      script,
      cacheFile,
      kept: cachedData && !script.cachedDataRejected ? cachedData.length : 0,
    });
    // see scripts/build.js
    const run = script.runInThisContext() as (
      exports: unknown,
      require: Require,
      module: unknown,
      folder: string,
    ) => void;
    const require: Require = (id) => (id.startsWith('./') ? load(own + id.slice(1)) : ordinary(id));
    run(module.exports, require, module, own);
    return module.exports;
  };
  // At the end, so that functions compiled while they ran are kept too.
  process.on('exit', () => {
    const again = isPowerOfTwo(countRun(folder));
    for (const each of compiled) if (again || each.kept === 0) save(each);
  });
  load(file);
}

/**
 * A folder of the user's own that nobody else can write to, as what lies there is run; undefined where there is none.
 * Each build has its own, so that the code of another one is never taken; V8 itself refuses code of another V8.
 */
function cacheFolder(program: string): string | undefined {
  try {
    const { XDG_CACHE_HOME, HOME } = process.env;
    if (!XDG_CACHE_HOME && !HOME) return undefined;
    const all = `${XDG_CACHE_HOME || `${HOME}/.cache`}/lbctl/node-${process.version}-${process.arch}`;
    const { mtimeMs, ino } = statSync(program);
    const folder = `${all}/${mtimeMs}-${ino}`;
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) sweep(all);
    const { uid, mode } = statSync(folder);
    return process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0) ? undefined : folder;
  } catch {
    return undefined;
  }
}

/** Removes the code of builds that were not run for long. */
function sweep(all: string): void {
  const oldest = Date.now() - DAYS_KEPT * 86_400_000;
  for (const name of readdirSync(all)) {
    const folder = `${all}/${name}`;
    if (Math.max(statSync(folder).mtimeMs, lastRun(folder)) < oldest)
      rmSync(folder, { recursive: true, force: true });
  }
}

function lastRun(folder: string): number {
  return statSync(`${folder}/runs`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** How many runs there have been with this one: the bytes of a file. */
function countRun(folder: string): number {
  try {
    appendFileSync(`${folder}/runs`, '.', { mode: 0o600 });
    return statSync(`${folder}/runs`).size;
  } catch {
    return 0;
  }
}

function isPowerOfTwo(count: number): boolean {
  return count > 0 && (count & (count - 1)) === 0;
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function save({ script, cacheFile, kept }: Compiled): void {
  const beside = `${cacheFile}.${process.pid}`;
  try {
    const data = script.createCachedData();
    // a long run forgets functions that it has not called for a while
    if (data.length <= kept) return;
    writeFileSync(beside, data, { mode: 0o600 });
    renameSync(beside, cacheFile);
  } catch {
    rmSync(beside, { force: true });
  }
}
