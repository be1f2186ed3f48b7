import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HEALTH_PORTS } from '../../src/lib/balancer/ec2.ts';
import { isHttp } from '../../src/lib/balancer/protocol.ts';
import { managedCertificates } from '../../src/lib/balancer/certificates.ts';
import type { Balancer } from '../../src/lib/balancer/schema/balancer.ts';
import { buildRelease, type Release } from '../../src/lib/release/build.ts';
import { writeFolder } from '../../src/lib/release/write-folder.ts';
import { behindBalancer } from '../../src/lib/render/behind.ts';
import { type Layout, OWN_CERTIFICATE_PLACES, SYSTEM_CA } from '../../src/lib/render/layout.ts';
import { render } from '../../src/lib/render/render.ts';
import { renderError } from '../../src/lib/ui/errors.ts';
import { plainStyle } from '../../src/lib/ui/style.ts';
import { loadBalancer } from '../../src/lib/source/load.ts';
import { createAuthority } from './certificates.ts';
import { request } from './client.ts';
import { type Files, temporaryFolder, writeFiles } from './folder.ts';
import { atEnd } from './lifetime.ts';
import { freePort } from './ports.ts';
import { findNginx, type Module, moduleFile } from './tools.ts';
import { until } from './wait.ts';

/** A real NGINX that serves an lb.yaml. */
export interface RunningBalancer {
  /** Its prefix: the folder with its logs. */
  readonly prefix: string;
  readonly digest: string;
  readonly pid: number;
  /** Port that is bound for a port of lb.yaml. */
  port(configured: number): number;
  /** Gives it another lb.yaml with the same ports, without a gap; returns when the new one answers. */
  reload(yaml: string): Promise<void>;
  /** Lines of the access log, parsed, as soon as there are `count` of them. */
  accessLog(count: number): Promise<Record<string, string>[]>;
  errorLog(): Promise<string>;
  stop(): Promise<void>;
}

/** Metrics port of an lb.yaml that names none. */
export const METRICS_PORT = 8099;

/**
 * Renders lb.yaml, has NGINX check it, starts it and waits until it answers. It ends with the tests of the file.
 * @param files that lb.yaml names, by path relative to it.
 */
export async function startBalancer(yaml: string, files: Files = {}): Promise<RunningBalancer> {
  const { folder, prefix } = await makePlaces(yaml, files);
  const ports = new Map<number, number>();
  const release = await put(prefix, folder, yaml, ports);
  const nginx = await start(prefix);
  await answers(release, prefix, nginx);
  let { digest } = release;
  return {
    prefix,
    get digest() {
      return digest;
    },
    pid: nginx.pid!,
    port: (configured) => ports.get(configured) ?? fail(`lb.yaml has no port ${configured}`),
    async reload(next) {
      const changed = await put(prefix, folder, next, ports);
      nginx.kill('SIGHUP');
      await answers(changed, prefix, nginx);
      digest = changed.digest;
    },
    accessLog: (count) => accessLog(prefix, count),
    errorLog: () => readLog(prefix, 'error.log'),
    stop: () => stop(nginx),
  };
}

/** A folder for lb.yaml and its files, and a prefix for the NGINX that serves it. */
async function makePlaces(yaml: string, files: Files): Promise<{ folder: string; prefix: string }> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  const prefix = await temporaryFolder();
  for (const name of ['logs', 'modules', 'temp', 'cache']) await mkdir(join(prefix, name));
  const { balancer } = await read(folder, yaml);
  await writeFile(join(prefix, 'modules/load.conf'), loadModules(balancer));
  return { folder, prefix };
}

function fail(message: string): never {
  throw new Error(message);
}

async function read(folder: string, yaml: string): Promise<{ balancer: Balancer }> {
  await writeFile(join(folder, 'lb.yaml'), yaml);
  try {
    return await loadBalancer({ options: {}, env: {}, cwd: folder });
  } catch (error) {
    throw new Error(renderError(error, plainStyle, false), { cause: error });
  }
}

/** The address of this machine in lb.yaml where servers on nodes themselves are refused. */
export const ELSEWHERE = '192.0.2.1';

function reachable(balancer: Balancer): Balancer {
  const upstreams = Object.entries(balancer.upstreams).map(([name, upstream]) => {
    const servers = upstream.servers?.map((server) => ({
      ...server,
      address: server.address.replace(ELSEWHERE, '127.0.0.1'),
    }));
    return [name, { ...upstream, servers }];
  });
  return { ...balancer, upstreams: Object.fromEntries(upstreams) as Balancer['upstreams'] };
}

/** Renders and writes a release, has NGINX check it, and lets `current` lead to it. */
async function put(
  prefix: string,
  folder: string,
  yaml: string,
  ports: Map<number, number>,
): Promise<Release> {
  const balancer = reachable((await read(folder, yaml)).balancer);
  const listeners = Object.values(behindBalancer(balancer).listeners);
  const configured = [...listeners, balancer.metrics].map(({ port }) => port);
  if (balancer.provider === 'ec2') configured.push(...HEALTH_PORTS);
  for (const port of configured) if (!ports.has(port)) ports.set(port, await freePort());
  for (const { name, hosts } of managedCertificates(balancer)) {
    const { cert, key } = await (await createAuthority()).issue(hosts);
    await writeFiles(join(prefix, 'certificates', name, 'current'), {
      'fullchain.pem': cert,
      'privkey.pem': key,
    });
  }
  const release = await buildRelease(render(balancer, layout(prefix, ports)), folder);
  const target = join(prefix, 'releases', release.digest);
  await writeFolder(target, release.files);
  const current = join(prefix, 'current');
  await rm(current, { force: true });
  await symlink(target, current);
  check(prefix);
  return release;
}

function layout(prefix: string, ports: ReadonlyMap<number, number>): Layout {
  return {
    user: process.getuid?.() === 0 ? 'root' : null,
    pid: 'nginx.pid',
    errorLog: 'logs/error.log',
    accessLog: 'logs/access.log',
    streamLog: 'logs/stream.log',
    cacheFolder: 'cache',
    tempFolder: 'temp',
    systemCa: SYSTEM_CA,
    ...OWN_CERTIFICATE_PLACES,
    modules: `${prefix}/modules/*.conf`,
    loads: [],
    folder: '',
    ports,
  };
}

function loadModules({ nginx, listeners }: Balancer): string {
  const needed: Module[] = [...nginx.modules];
  if (Object.values(listeners).some((listener) => !isHttp(listener))) needed.push('stream');
  return needed
    .map((module) => moduleFile(module))
    .filter((file) => file !== undefined && file !== 'built-in')
    .map((file) => `load_module ${file};\n`)
    .join('');
}

function commandLine(prefix: string): string[] {
  return ['-p', `${prefix}/`, '-c', 'current/nginx.conf', '-e', 'logs/error.log', '-g', 'daemon off;'];
}

function check(prefix: string): void {
  const { status, stderr } = spawnSync(findNginx()!, ['-t', ...commandLine(prefix)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`nginx -t refuses the configuration:\n${stderr}`);
}

async function start(prefix: string): Promise<ChildProcess> {
  const nginx = spawn(findNginx()!, commandLine(prefix), { stdio: 'ignore' });
  const kill = (): void => void nginx.kill('SIGKILL');
  process.once('exit', kill);
  nginx.once('exit', () => process.off('exit', kill));
  atEnd(() => stop(nginx));
  return nginx;
}

async function stop(nginx: ChildProcess): Promise<void> {
  if (nginx.exitCode !== null || nginx.signalCode !== null) return;
  const ended = new Promise((resolve) => nginx.once('exit', resolve));
  nginx.kill('SIGTERM');
  await ended;
}

/** Right answers in a row after which no worker of the release before is taken to be left. */
const STREAK = 10;

/** The metrics server tells which release serves. */
async function answers({ digest, sockets }: Release, prefix: string, nginx: ChildProcess): Promise<void> {
  const { port } = sockets.find(({ listener }) => listener === 'metrics')!;
  try {
    await until(`release ${digest} answers`, async () => {
      if (nginx.exitCode !== null) throw new Error(`nginx ended with code ${nginx.exitCode}`);
      for (let streak = 0; streak < STREAK; streak++) {
        const answer = await request({ port, path: '/release' }).catch(() => undefined);
        if (answer?.body.trim() !== digest) return false;
      }
      return true;
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await readLog(prefix, 'error.log')}`, { cause: error });
  }
}

function readLog(prefix: string, name: string): Promise<string> {
  return readFile(join(prefix, 'logs', name), 'utf8').catch(() => '');
}

/** NGINX gathers lines for up to a second before it writes them. */
function accessLog(prefix: string, count: number): Promise<Record<string, string>[]> {
  return until(`${count} lines in the access log`, async () => {
    const lines = (await readLog(prefix, 'access.log')).split('\n').filter((line) => line !== '');
    return lines.length >= count && lines.map((line) => JSON.parse(line) as Record<string, string>);
  });
}

/** What `nginx -t` says against an lb.yaml, rendered as `startBalancer` does; undefined where it accepts it. */
export async function refusalOf(yaml: string, files: Files = {}): Promise<string | undefined> {
  const { folder, prefix } = await makePlaces(yaml, files);
  return put(prefix, folder, yaml, new Map()).then(
    () => undefined,
    (error: Error) => error.message,
  );
}
