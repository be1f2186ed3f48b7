import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

/** Modules of NGINX that packages split off: file, and the argument by which one is part of the program. */
const MODULES = {
  stream: ['ngx_stream_module.so', '--with-stream'],
  mail: ['ngx_mail_module.so', '--with-mail'],
  geoip2: ['ngx_http_geoip2_module.so', 'ngx_http_geoip2_module'],
  modsecurity: ['ngx_http_modsecurity_module.so', 'ModSecurity-nginx'],
} as const;

export type Module = keyof typeof MODULES;

/** Programs that are there if a file of their name is. */
const PROGRAMS = [
  'openssl',
  'pcre2test',
  'bash',
  'pre-commit',
  'git',
  'curl',
  'wrk',
  'shellcheck',
  'busybox',
  'ssh',
  'sshd',
  'sudo',
  'tcsh',
  'fish',
  'tmux',
  'zsh',
  'mandoc',
  'moto_server',
  'cfn-lint',
  'pebble',
  'certbot',
] as const;

export type Tool = (typeof PROGRAMS)[number] | 'nginx' | 'core-rules' | Module;

/**
 * Whether tests must be left out because a tool is not installed: for `describe.skipIf`. Says which one, once a file.
 * With CI=true nothing may be left out, and it throws.
 */
export function without(...tools: readonly Tool[]): boolean {
  const missing = tools.filter((tool) => !isThere(tool));
  if (missing.length === 0) return false;
  const message = `not installed, so these tests are skipped: ${missing.join(', ')}`;
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(message);
  return true;
}

function isThere(tool: Tool): boolean {
  if (tool === 'nginx') return findNginx() !== undefined;
  if (tool === 'core-rules') return existsSync('/usr/share/modsecurity-crs/rules');
  if (isProgram(tool)) return findProgram(tool) !== undefined;
  return moduleFile(tool) !== undefined;
}

function isProgram(tool: Tool): tool is (typeof PROGRAMS)[number] {
  return PROGRAMS.some((name) => name === tool);
}

/** Path of a program; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

export function findNginx(): string | undefined {
  return process.env['LBCTL_NGINX'] ?? findProgram('nginx');
}

/** Path of a module's file; `built-in` where there is no file to load, undefined where there is no such module. */
export function moduleFile(module: Module): string | undefined {
  const nginx = findNginx();
  if (nginx === undefined) return undefined;
  const built = spawnSync(nginx, ['-V'], { encoding: 'utf8' }).stderr.trim().split(/\s+/u);
  const [file, builtIn] = MODULES[module];
  if (built.some((word) => word === builtIn || word.endsWith(`/${builtIn}`))) return 'built-in';
  const option = '--modules-path=';
  const folder =
    built.find((word) => word.startsWith(option))?.slice(option.length) ?? '/usr/lib/nginx/modules';
  const path = join(folder, file);
  return existsSync(path) ? path : undefined;
}
