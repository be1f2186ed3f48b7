import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Script } from 'node:vm';

interface Compiled {
  readonly script: Script;
  /** Where the code is kept; the name tells the build, so that the code of another one is never taken. */
  readonly cacheFile: string;
}

type Require = (id: string) => unknown;

/**
 * Runs a file of this bundle and keeps the code that V8 compiles for it and for what it loads; later runs reuse it, as
 * with `module.enableCompileCache` of Node 22. The file names hold a digest of their content, and V8 itself refuses
 * code of another V8. Whatever goes wrong with the cache, the program runs without it. NODE_DISABLE_COMPILE_CACHE turns
 * it off, as in Node 22.
 *
 * The chunks are read from where they are known to be: Node looks for each in several places, which takes longer than
 * to read it.
 * @param ordinary loads all but the chunks, and everything where nothing can be kept.
 */
export function runKept(file: string, ordinary: Require): void {
  const folder = process.env['NODE_DISABLE_COMPILE_CACHE'] ? undefined : cacheFolder();
  if (folder === undefined) {
    ordinary(file);
    return;
  }
  const fresh: Compiled[] = [];
  const loaded = new Map<string, { exports: unknown }>();
  const load = (filename: string): unknown => {
    const known = loaded.get(filename);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(filename, module);
    const slash = filename.lastIndexOf('/');
    const own = filename.slice(0, slash);
    const cacheFile = `${folder}/${filename.slice(slash + 1)}-${statSync(filename).mtimeMs}`;
    const cachedData = read(cacheFile);
    const script = new Script(readFileSync(filename, 'utf8'), {
      filename,
      ...(cachedData ? { cachedData } : {}),
    });
    if (!cachedData || script.cachedDataRejected) fresh.push({ script, cacheFile });
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
  process.on('exit', () => fresh.forEach(save));
  load(file);
}

/** A folder of the user's own that nobody else can write to, as what lies there is run; undefined where there is none. */
function cacheFolder(): string | undefined {
  try {
    const { XDG_CACHE_HOME, HOME } = process.env;
    if (!XDG_CACHE_HOME && !HOME) return undefined;
    const folder = `${XDG_CACHE_HOME || `${HOME}/.cache`}/lbctl/node-${process.version}-${process.arch}`;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    return process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0) ? undefined : folder;
  } catch {
    return undefined;
  }
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function save({ script, cacheFile }: Compiled): void {
  const beside = `${cacheFile}.${process.pid}`;
  try {
    writeFileSync(beside, script.createCachedData(), { mode: 0o600 });
    renameSync(beside, cacheFile);
  } catch {
    rmSync(beside, { force: true });
  }
}
