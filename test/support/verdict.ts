import { spawnSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readDump } from '../../src/lib/nginx/include/dump.ts';
import { createAuthority } from './certificates.ts';
import { temporaryFolder, writeFiles } from './folder.ts';
import { findNginx, type Module, moduleFile } from './tools.ts';

/** A folder in place of `/`, with the folders that configurations name. */
export async function createMachine(): Promise<string> {
  const machine = await temporaryFolder();
  for (const name of ['etc/nginx', 'var/log/nginx', 'var/cache/nginx', 'srv'])
    await mkdir(join(machine, name), { recursive: true });
  return machine;
}

/** Puts into a machine what examples refer to: certificates, types, modules. */
export async function equip(machine: string): Promise<void> {
  const authority = await createAuthority();
  const { cert, key } = await authority.issue(['shop.example.com']);
  await writeFiles(join(machine, 'etc/nginx'), {
    'certs/shop.pem': cert,
    'certs/shop.key': key,
    'certs/ca.pem': authority.cert,
    'mime.types': 'types { text/html html; }\n',
  });
  const stream = moduleFile('stream');
  if (stream?.startsWith('/')) await symlink(dirname(stream), join(machine, 'etc/nginx/modules'));
}

/** Whether the NGINX of this machine can judge a text: the release fits, and no module is loaded twice. */
export function suitsInstalled(text: string, release: string | undefined): boolean {
  const nginx = findNginx();
  if (nginx === undefined) return false;
  if (modulesOf(text).some((module) => moduleFile(module) === undefined)) return false;
  if (text.includes('ngx_stream_module') && moduleFile('stream') === 'built-in') return false;
  const version = /nginx\/(\S+)/u.exec(spawnSync(nginx, ['-v'], { encoding: 'utf8' }).stderr)?.[1];
  return release === undefined || `${version}.`.startsWith(`${release}.`);
}

/** Modules that a text needs and this NGINX has as files; one that loads some itself says which. */
function modulesOf(text: string): Module[] {
  if (text.includes('load_module')) return [];
  const blocks = (['stream', 'mail'] as const).filter((name) =>
    new RegExp(`^${name}\\s*\\{`, 'mu').test(text),
  );
  return blocks.filter((name) => moduleFile(name) !== 'built-in');
}

/** What `nginx -t` complains of; undefined where it accepts. Paths of the text lead into the machine. */
export async function verdictOn(text: string, machine: string): Promise<string | undefined> {
  const folder = join(machine, 'etc/nginx');
  const dump = readDump(text);
  const files: Record<string, string> = {};
  const put = (path: string, content: string): void => {
    files[path.replace(/^\/etc\/nginx\//u, '')] = content.replaceAll(
      /(?<=[\s"'])\/(?=(?:etc|var|srv)\/)/gu,
      `${machine}/`,
    );
  };
  if (dump) for (const path of pathsOf(text)) put(path, dump.files.read(path)!);
  else put('/etc/nginx/nginx.conf', text);
  const loads = modulesOf(text).map((module) => `load_module ${moduleFile(module)}; `);
  files['nginx.conf'] = `${loads.join('')}${files['nginx.conf']}`;
  await writeFiles(folder, files);
  const run = spawnSync(
    findNginx()!,
    ['-t', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr', '-g', 'pid nginx.pid;'],
    { encoding: 'utf8' },
  );
  if (run.status === 0) return undefined;
  return run.stderr.split('\n').find((line) => /\[(?:emerg|alert|crit)\]/u.test(line)) ?? run.stderr;
}

function pathsOf(dump: string): string[] {
  return [...dump.matchAll(/^# configuration file (.+):$/gmu)].map(([, path]) => path!);
}
