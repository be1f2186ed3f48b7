// What the scripts need from the machine, installed by its own package manager where it is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/u, '');

/** Folders of servers' programs, which are not on the PATH of ordinary users. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** Path of a program, or undefined. */
export function find(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];
  return folders
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path) && statSync(path).isFile());
}

/** Runs a program with its output shown; throws where it fails, with `interrupted` where somebody pressed Ctrl-C. */
export function run(program, args, options = {}) {
  const { status, signal, error } = spawnSync(program, args, { stdio: 'inherit', cwd: root, ...options });
  if (error) throw error;
  if (signal === 'SIGINT' || status === 130)
    throw Object.assign(new Error(`${program} was interrupted`), { interrupted: true });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${status}`);
}

/** Name of the package of a program or module, by package manager. */
const PACKAGES = {
  'apt-get': { nginx: ['nginx', 'libnginx-mod-stream'] },
  dnf: { nginx: ['nginx', 'nginx-mod-stream'] },
  yum: { nginx: ['nginx', 'nginx-mod-stream'] },
  apk: { nginx: ['nginx', 'nginx-mod-stream'] },
  brew: { nginx: ['nginx'] },
};

const INSTALL = {
  'apt-get': ['install', '-y', '-q', '--no-install-recommends'],
  dnf: ['install', '-y', '-q'],
  yum: ['install', '-y', '-q'],
  apk: ['add', '--no-progress'],
  brew: ['install', '--quiet'],
};

/** Installs NGINX and curl where they are missing, and says so. */
export function ensureNginx() {
  const missing = ['nginx', 'curl'].filter(
    (program) => !(program === 'nginx' && process.env.LBCTL_NGINX) && !find(program),
  );
  if (missing.length === 0) return;
  const manager = Object.keys(PACKAGES).find(find);
  if (!manager)
    throw new Error(
      `${missing.join(' and ')} must be installed, and no package manager that is known here was found`,
    );
  install(
    manager,
    missing.flatMap((program) => PACKAGES[manager][program] ?? [program]),
  );
}

/** Installs Debian packages; for what only the tests need. */
export function installDebian(packages) {
  install('apt-get', packages);
}

function install(manager, packages) {
  const asRoot = manager === 'brew' || process.getuid?.() === 0;
  // without a terminal nobody could type a password
  const sudo = asRoot ? [] : process.stdin.isTTY ? ['sudo'] : ['sudo', '-n'];
  console.log(`installing ${packages.join(' ')} with ${[...sudo, manager].join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // a list of packages that is years old, or absent, names versions that are gone
  if (manager === 'apt-get') execute([...sudo, manager, 'update', '-q'], env);
  execute([...sudo, manager, ...INSTALL[manager], ...packages], env);
}

function execute([program, ...args], env) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8' });
  if (error || status !== 0)
    throw new Error(
      `${[program, ...args].join(' ')} failed\n${stdout ?? ''}${stderr ?? error?.message ?? ''}`,
    );
}

/** Installs the npm dependencies where they are missing or other than the lockfile says. */
export function ensureDependencies() {
  if (isInstalled()) return;
  console.log('installing dependencies (npm ci)');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Compares versions, as the times of files say nothing after a copy or a checkout. */
function isInstalled() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    // the project itself, and what is for other platforms
    if (path === '' || (wanted.optional && !(path in installed))) return true;
    return installed[path]?.version === wanted.version;
  });
}

function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
}
