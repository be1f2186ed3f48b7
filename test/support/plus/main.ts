import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Asked, answer, type Faults } from './api.ts';
import { groupsIn, translate } from './configuration.ts';
import type { Group } from './upstreams.ts';

/**
 * A program that is NGINX Plus to whoever looks: it answers -V and -t, runs as a master with workers, reloads on HUP, and
 * has the API. Behind it an open source NGINX takes the traffic, which is given other servers whenever those of the API
 * change; nobody sees it reload.
 */
const [, , control = '', nginx = '', ...args] = process.argv;
const option = (name: string): string | undefined => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
};
const prefix = option('-p') ?? '/';
const conf = resolve(prefix, option('-c') ?? 'nginx.conf');
const log = resolve(prefix, option('-e') ?? 'logs/error.log');
const [socket, hiddenPid, live] = ['api.sock', 'hidden.pid', 'live'].map((name) => join(control, name)) as [
  string,
  string,
  string,
];

if (args.includes('-V')) {
  const { stderr } = spawnSync(nginx, ['-V'], { encoding: 'utf8' });
  process.stderr.write(stderr.replace(/^(nginx version: \S+)/u, '$1 (nginx-plus-r99-fake)'));
} else if (args.includes('-t')) process.exitCode = test(join(control, `test-${process.pid}`), true);
else if (process.env['FAKE_PLUS_MASTER']) void serve();
else start();

/** Has the open source NGINX check what comes of a configuration; the code that it ends with. */
function test(folder: string, isLoud: boolean): number {
  mkdirSync(control, { recursive: true });
  try {
    translate(dirname(conf), folder, groupsIn(dirname(conf)), { socket, pid: hiddenPid });
  } catch (error) {
    process.stderr.write(`nginx: [emerg] ${(error as Error).message}\n`);
    return 1;
  }
  const { status, stderr } = spawnSync(
    nginx,
    ['-t', '-c', join(folder, 'nginx.conf'), '-p', prefix, '-e', 'stderr'],
    { encoding: 'utf8' },
  );
  if (isLoud) {
    process.stderr.write(stderr);
    rmSync(folder, { recursive: true, force: true });
  } else if (status !== 0) appendFileSync(log, stderr);
  return status ?? 1;
}

/** Starts the master, and ends when it serves. */
function start(): void {
  const out = openSync(join(control, 'out'), 'a');
  const { FAKE_PLUS_READY: _, ...env } = process.env;
  // the name that the master gives itself has no more place than its arguments had
  const words = [process.argv[1]!, control, nginx, ...args, 'x'.repeat(300)];
  const child = spawn(process.execPath, words, {
    detached: true,
    stdio: ['ignore', out, out],
    env: { ...env, FAKE_PLUS_MASTER: '1' },
  });
  child.unref();
  const ready = join(control, `ready-${child.pid}`);
  child.on('exit', () => process.exit(1));
  const look = setInterval(() => {
    if (!existsSync(ready)) return;
    clearInterval(look);
    rmSync(ready);
    process.exit(0);
  }, 20);
}

async function serve(): Promise<void> {
  process.title = `nginx: master process nginx ${args.slice(0, -1).join(' ')}`;
  openSync(log, 'a');
  let groups: Group[] = [];
  let workers: ChildProcess[] = [];
  let hidden: ChildProcess | undefined;
  let turn = 0;
  let loads = 0;

  const told = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      // it has ended meanwhile
      return '';
    }
  };
  /** Its workers that take connections. */
  const children = (): string[] =>
    readdirSync('/proc').filter((name) => {
      const parent = told(name, 'stat')
        .replace(/^.*\) /u, '')
        .split(' ')[1];
      return parent === String(hidden?.pid) && told(name, 'cmdline').startsWith('nginx: worker process\0');
    });

  /** Has the open source NGINX take a translated configuration; false where it does not. */
  async function take(source: string): Promise<boolean> {
    const next = join(control, `conf-${++turn}`);
    rmSync(next, { recursive: true, force: true });
    translate(source, next, groups, { socket, pid: hiddenPid });
    rmSync(`${live}.new`, { force: true });
    symlinkSync(next, `${live}.new`);
    renameSync(`${live}.new`, live);
    if (!hidden) {
      hidden = spawn(
        nginx,
        ['-c', join(live, 'nginx.conf'), '-p', prefix, '-e', 'stderr', '-g', 'daemon off;'],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      hidden.stderr!.on('data', (text: Buffer) => appendFileSync(log, text));
      hidden.on('exit', () => process.exit(1));
      for (let look = 0; look < 1000 && !existsSync(hiddenPid); look++) await sleep(20);
      for (let look = 0; look < 2000 && children().length === 0; look++) await sleep(10);
      return true;
    }
    const before = new Set(children());
    hidden.kill('SIGHUP');
    for (let look = 0; look < 2000; look++) {
      const now = children();
      if (now.length > 0 && now.every((pid) => !before.has(pid))) return true;
      await sleep(10);
    }
    return false;
  }

  async function load(): Promise<void> {
    if (test(join(control, 'next'), false) !== 0) return;
    const old = groups;
    const loaded = join(control, `loaded-${turn + 1}`);
    // what is loaded stays so, whatever becomes of the files
    spawnSync('cp', ['-rL', dirname(conf), loaded]);
    groups = groupsIn(loaded);
    if (!(await take(loaded))) return void (groups = old);
    source = loaded;
    writeFileSync(join(control, 'loads'), String(++loads));
    const leaving = workers;
    workers = [1, 2].map(() =>
      spawn('cat', [], { argv0: 'nginx: worker process', stdio: ['pipe', 'ignore', 'ignore'] }),
    );
    for (const worker of leaving) worker.kill('SIGKILL');
  }

  let source = '';
  const turns: (() => Promise<unknown>)[] = [];
  let isBusy = false;
  /** One thing at a time, as a configuration is loaded or changed. */
  const inTurn = async (work: () => Promise<unknown>): Promise<void> => {
    turns.push(work);
    if (isBusy) return;
    isBusy = true;
    for (let next = turns.shift(); next; next = turns.shift()) await next();
    isBusy = false;
  };

  await load();
  if (loads === 0) process.exit(1);
  const pidFile = /^\s*pid\s+([^;]+);/mu.exec(readFileSync(conf, 'utf8'))?.[1] ?? 'nginx.pid';
  writeFileSync(resolve(prefix, pidFile), `${process.pid}\n`);
  const end = (signal: NodeJS.Signals) => (): void => {
    for (const worker of workers) worker.kill('SIGKILL');
    rmSync(resolve(prefix, pidFile), { force: true });
    hidden?.kill(signal);
  };
  process.on('SIGQUIT', end('SIGQUIT')).on('SIGTERM', end('SIGTERM'));
  process.on('SIGHUP', () => void inTurn(load));

  const counts = new Map<string, number>();
  const faults = (): Faults => {
    try {
      return JSON.parse(readFileSync(join(control, 'faults.json'), 'utf8')) as Faults;
    } catch {
      return {};
    }
  };
  rmSync(socket, { force: true });
  createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '' } = request;
    const asked: Asked = { method, url, body: Buffer.concat(chunks).toString('utf8') };
    appendFileSync(join(control, 'asked.jsonl'), `${JSON.stringify(asked)}\n`);
    const count = counts.get(method) ?? 0;
    counts.set(method, count + 1);
    await inTurn(async () => {
      const { idle, silent, instead, ...rest } = faults();
      if (silent === method) return void request.socket.destroy();
      const isInstead = instead?.method === method && count >= (instead.after ?? 0);
      const kept = structuredClone(groups);
      const said = isInstead
        ? { status: instead.status, body: instead.body, changed: false }
        : answer(groups, asked, rest, connectionsTo);
      if (said.changed && idle) groups = kept;
      else if (said.changed) await take(source);
      response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body);
    });
  }).listen(socket, () => writeFileSync(join(control, `ready-${process.pid}`), ''));
}

/** Connections that are established to a server of this machine; its NGINX keeps none open that are not in use. */
function connectionsTo(server: string): number {
  const [, host = '', port = ''] = /^([\d.]+):(\d+)$/u.exec(server) ?? [];
  const hex = (number: number, digits: number): string =>
    number.toString(16).toUpperCase().padStart(digits, '0');
  const end = `${host
    .split('.')
    .toReversed()
    .map((part) => hex(Number(part), 2))
    .join('')}:${hex(Number(port), 4)}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .filter((line) => new RegExp(`^\\s*\\d+: \\S+ ${end} 01 `, 'u').test(line)).length;
}
