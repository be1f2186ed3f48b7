import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { UserError } from '../../errors.ts';
import { atLeast } from '../../nginx/version.ts';
import { splitOffModules } from '../modules.ts';
import { run } from './command.ts';
import type { Places } from './places.ts';

/** The NGINX of this machine. */
export interface Nginx {
  readonly path: string;
  /** Such as `1.22.1`. */
  readonly version: string;
  readonly plus: boolean;
  /** Arguments that it was configured with. */
  readonly built: readonly string[];
}

/** Folders that hold NGINX but are not on the PATH of ordinary users. */
const USUAL_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/local/nginx/sbin',
  '/opt/homebrew/bin',
  '/usr/local/bin',
];

const INSTALL_HINT =
  {
    darwin: 'brew install nginx',
    linux: 'install it: apt-get install nginx libnginx-mod-stream, or dnf install nginx nginx-mod-stream',
  }[process.platform as 'darwin' | 'linux'] ?? 'see https://nginx.org/en/download.html';

/**
 * Finds NGINX: LBCTL_NGINX, then PATH, then the usual folders.
 * @throws UserError `failed` where there is none.
 */
export async function findNginx(env: Readonly<Record<string, string | undefined>>): Promise<Nginx> {
  const named = env['LBCTL_NGINX'];
  const candidates = named
    ? [named]
    : [...(env['PATH'] ?? '').split(delimiter), ...USUAL_FOLDERS].map((folder) => join(folder, 'nginx'));
  for (const path of candidates) {
    if (await isExecutable(path)) return inspect(path);
  }
  const message = named
    ? `LBCTL_NGINX names ${named}, which is no program that can be run`
    : 'NGINX is not installed on this machine';
  throw new UserError('failed', 'nginx-missing', message, {
    hint: named ? 'unset it, or let it name the nginx program' : INSTALL_HINT,
  });
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function inspect(path: string): Promise<Nginx> {
  const { lines } = await run(path, ['-V']);
  const text = lines.join('\n');
  const version = /^nginx version: [^/\s]+\/(\d+\.\d+\.\d+)/mu.exec(text)?.[1];
  if (version === undefined) {
    throw new UserError('failed', 'not-nginx', `${path} does not answer -V as NGINX does`, {
      evidence: lines.slice(0, 5),
    });
  }
  const built = /^configure arguments: (.*)$/mu.exec(text)?.[1]?.split(' ') ?? [];
  return { path, version, plus: text.includes('nginx-plus'), built };
}

/**
 * Refuses an NGINX that cannot run what the balancer asks for.
 * @throws UserError `failed` before anything is changed.
 */
export function checkNginx(nginx: Nginx, balancer: Balancer): void {
  const { version, plus } = balancer.nginx;
  if (!atLeast(nginx.version, version)) {
    const message = `the balancer is written for NGINX ${version} or newer, and ${nginx.path} is ${nginx.version}`;
    throw new UserError('failed', 'nginx-too-old', message, {
      hint: `upgrade NGINX, or set nginx: { version: "${nginx.version}" } in lb.yaml`,
    });
  }
  if (plus && !nginx.plus) {
    throw new UserError(
      'failed',
      'not-plus',
      `the balancer is written for NGINX Plus, and ${nginx.path} is open source NGINX`,
      {
        hint: 'remove plus: true from lb.yaml, or let LBCTL_NGINX name an NGINX Plus',
      },
    );
  }
}

/** Arguments that tell NGINX its folder and its log. */
export function ownArguments({ prefix }: Places, { version }: Nginx): { prefix: string[]; log: string[] } {
  // older ones open the log they were built with first, and only complain where they may not
  return { prefix: ['-p', `${prefix}/`], log: atLeast(version, '1.19.5') ? ['-e', 'logs/error.log'] : [] };
}

/**
 * Files of the modules that have to be loaded for a balancer; none for those that are part of the program.
 * @throws UserError `failed` where one is not installed.
 */
export async function modulesFor(nginx: Nginx, balancer: Balancer): Promise<string[]> {
  const folder = nginx.built
    .find((argument) => argument.startsWith('--modules-path='))
    ?.slice('--modules-path='.length);
  const files: string[] = [];
  for (const { file, packages } of splitOffModules(nginx.built, balancer)) {
    const path = join(folder ?? '/usr/lib/nginx/modules', file);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) {
      throw new UserError(
        'failed',
        'module-missing',
        `the balancer needs the NGINX module ${file}, which is not installed`,
        { hint: `install ${packages}` },
      );
    }
    files.push(path);
  }
  return files;
}
