import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { reasonOf, UserError } from '../errors.ts';
import { byBytes, matcher } from '../nginx/include/glob.ts';

/** A configuration file to work on. */
export interface NginxFile {
  /** As the user would write it, for messages. */
  readonly name: string;
  /** Absolute path of the file itself, behind all symbolic links. */
  readonly path: string;
  /** Whether it was named itself and not come upon in a folder. */
  readonly named: boolean;
}

type Folder = Pick<NginxFile, 'name' | 'path'>;

/** Folders that distributions give NGINX's configuration, whatever its files are called. */
const CONFIGURATION_FOLDER = /^(?:conf\.d|snippets|.+-(?:available|enabled))$/u;

/** What lies in such folders beside configuration. */
const OTHER =
  /~$|\.(?:bak|backup|old|orig|save|swp|tmp|dpkg-\w+|ucf-\w+|rpm\w+|md|txt|pem|key|crt|csr|lua|js|json|ya?ml|html?|sh|so|gz|zip|log)$|^README/iu;

/**
 * The files that operands name: files as they are, folders with all that looks like NGINX's configuration below, and
 * patterns with `*`, `?`, `[…]` and `**`. Each file comes once, however many ways lead to it.
 * @param options `balancers`: each lb.yaml in a folder counts, too.
 * @throws UserError `input` where an operand names nothing.
 */
export function findNginxFiles(
  operands: readonly string[],
  cwd: string,
  { balancers = false }: { readonly balancers?: boolean } = {},
): NginxFile[] {
  const found = new Map<string, NginxFile>();
  for (const operand of operands) {
    if (operand === '') throw unnamed();
    let count = 0;
    for (const name of expand(operand, cwd)) {
      const entry = attempt(
        () => statSync(resolve(cwd, name)),
        (cause) => refuse(name, cause),
      );
      if (!entry.isDirectory() && !entry.isFile()) throw notAFile(name);
      // of what is behind all links; a pipe has no such path
      const path = realpathSync(resolve(cwd, name));
      const files = entry.isDirectory() ? walk(name, path, balancers) : [{ name, path, named: true }];
      count += files.length;
      for (const file of files) if (!found.has(file.path)) found.set(file.path, file);
    }
    if (count === 0) throw nothingIn(operand, balancers);
  }
  return [...found.values()];
}

/** Whether a file that lint looks at is an lb.yaml, by whatever name, and not NGINX's own. */
export function isBalancer({ name }: Pick<NginxFile, 'name'>): boolean {
  return /\.ya?ml$/iu.test(name);
}

/** Nothing would stand for the folder that one is in, with all that is below it. */
function unnamed(): UserError {
  return new UserError('input', 'empty-name', 'a name is empty', {
    hint: 'a variable may have been so; . is the folder that you are in',
  });
}

function notAFile(name: string): UserError {
  return new UserError('input', 'not-a-file', `${name} is neither a file nor a folder`, {
    hint: 'what comes through a pipe is read alone, by stdin: -',
  });
}

/** Whether an operand is a pipe, as `<(nginx -T)` of a shell is, or a device: all that it holds is read once. */
export function isPipe(operand: string, cwd: string): boolean {
  const entry = statSync(resolve(cwd, operand), { throwIfNoEntry: false });
  return entry !== undefined && (entry.isFIFO() || entry.isCharacterDevice());
}

function nothingIn(operand: string, balancers: boolean): UserError {
  return new UserError('input', 'no-files', `${operand} has no NGINX configuration file`, {
    hint: `in folders, ${balancers ? 'lb.yaml, ' : ''}*.conf files and those of conf.d, snippets, *-available and *-enabled count; name others directly`,
  });
}

function refuse(name: string, cause: unknown): never {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    throw new UserError('input', 'no-such-file', `there is no ${name}`, { cause });
  throw new UserError('input', 'unreadable-file', `cannot read ${name}: ${reasonOf(cause)}`, { cause });
}

/** Configuration files below a folder, in the order of their names. Links are followed, but none twice. */
function walk(name: string, path: string, balancers: boolean): NginxFile[] {
  const files: NginxFile[] = [];
  const visited = new Set<string>();
  const pending: Folder[] = [{ name, path }];
  for (let folder = pending.pop(); folder; folder = pending.pop()) {
    if (visited.has(folder.path)) continue;
    visited.add(folder.path);
    const everyFile = CONFIGURATION_FOLDER.test(folder.path.slice(folder.path.lastIndexOf('/') + 1));
    const inner: Folder[] = [];
    for (const entry of entriesOf(folder)) {
      if (isHidden(entry.name)) continue;
      const target = follow(folder.path, entry);
      if (!target) continue;
      const found = { name: join(folder.name, entry.name), path: target.path, named: false };
      if (target.kind === 'folder') inner.push(found);
      else if (
        entry.name.endsWith('.conf') ||
        (everyFile && !OTHER.test(entry.name)) ||
        (balancers && entry.name === 'lb.yaml')
      )
        files.push(found);
    }
    for (const found of inner.toReversed()) pending.push(found);
  }
  return files;
}

function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

function entriesOf({ name, path }: Folder): Dirent[] {
  const entries = attempt(
    () => readdirSync(path, { withFileTypes: true }),
    (cause) => refuse(name, cause),
  );
  return entries.toSorted((a, b) => byBytes(a.name, b.name));
}

/** What an entry of a folder leads to; undefined for a link to nothing and for devices and sockets. */
function follow(folder: string, entry: Dirent): { kind: 'file' | 'folder'; path: string } | undefined {
  const path = join(folder, entry.name);
  if (entry.isFile()) return { kind: 'file', path };
  if (entry.isDirectory()) return { kind: 'folder', path };
  if (!entry.isSymbolicLink()) return undefined;
  try {
    const target = realpathSync(path);
    const status = statSync(target);
    if (status.isFile()) return { kind: 'file', path: target };
    return status.isDirectory() ? { kind: 'folder', path: target } : undefined;
  } catch {
    return undefined;
  }
}

/** The paths that a pattern stands for; an operand without `*`, `?` and `[`, or one that exists as it is, is itself. */
function expand(operand: string, cwd: string): string[] {
  if (!/[*?[]/u.test(operand)) return [operand];
  if (existsSync(resolve(cwd, operand))) return [operand];
  let paths = [operand.startsWith('/') ? '/' : ''];
  for (const part of operand.split('/').filter((part) => part !== '')) {
    const further = new Set<string>();
    for (const path of paths) {
      const found = part === '**' ? foldersBelow(path, cwd) : matches(path, part, cwd);
      for (const name of found) further.add(name);
    }
    paths = [...further];
  }
  return paths;
}

function matches(folder: string, part: string, cwd: string): string[] {
  const fits = matcher(part);
  if (!fits) {
    const path = join(folder, part);
    return existsSync(resolve(cwd, path)) ? [path] : [];
  }
  const entries = attempt(
    () => readdirSync(resolve(cwd, folder)),
    () => [],
  );
  return entries
    .filter(fits)
    .toSorted(byBytes)
    .map((name) => join(folder, name));
}

/** A folder and all folders in it. Links are not followed, as in shells. */
function foldersBelow(folder: string, cwd: string): string[] {
  const found = [folder];
  for (const path of found) {
    const entries = attempt(
      () => readdirSync(resolve(cwd, path), { withFileTypes: true }),
      () => [],
    );
    const inner = entries.filter((entry) => entry.isDirectory() && !isHidden(entry.name));
    for (const { name } of inner.toSorted((a, b) => byBytes(a.name, b.name))) found.push(join(path, name));
  }
  return found;
}

function attempt<T>(work: () => T, otherwise: (cause: unknown) => T): T {
  try {
    return work();
  } catch (cause) {
    return otherwise(cause);
  }
}
