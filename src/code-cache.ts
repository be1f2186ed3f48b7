import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { Script } from 'node:vm';

interface Compiled {
  readonly script: Script;
  /** Where the code is kept; the name tells the build, so that the code of another one is never taken. */
  readonly cacheFile: string;
}

/** `module._compile` of Node's CommonJS loader: the one place where the source of a file becomes code. */
interface Loader {
  _compile(content: string, filename: string): unknown;
}

/**
 * Keeps the code that V8 compiles for the files of this bundle and reuses it in later runs, as `module.enableCompileCache`
 * of Node 22 does. The file names hold a digest of their content, and V8 itself refuses code of another V8. Whatever
 * goes wrong with the cache, the program runs without it. NODE_DISABLE_COMPILE_CACHE turns it off, as in Node 22.
 */
export function keepCompiledCode(): void {
  const folder = process.env['NODE_DISABLE_COMPILE_CACHE'] ? undefined : cacheFolder();
  if (folder === undefined) return;
  const fresh: Compiled[] = [];
  const loader = Module.prototype as unknown as Loader;
  const compile = loader._compile;
  loader._compile = function (this: NodeJS.Module, content, filename) {
    if (!filename.startsWith(__dirname)) return compile.call(this, content, filename);
    const cacheFile = `${folder}/${filename.slice(filename.lastIndexOf('/') + 1)}-${statSync(filename).mtimeMs}`;
    const cachedData = read(cacheFile);
    const wrapped = `(function (exports, require, module, __filename, __dirname) {${content}\n})`;
    const script = new Script(wrapped, { filename, ...(cachedData ? { cachedData } : {}) });
    if (!cachedData || script.cachedDataRejected) fresh.push({ script, cacheFile });
    const run = script.runInThisContext() as (...args: unknown[]) => unknown;
    const require = (id: string) => this.require(id);
    return run.call(
      this.exports,
      this.exports,
      require,
      this,
      filename,
      filename.slice(0, filename.lastIndexOf('/')),
    );
  };
  // At the end, so that functions compiled while they ran are kept too.
  process.on('exit', () => fresh.forEach(save));
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
