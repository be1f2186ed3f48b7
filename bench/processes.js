import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const LBCTL = fileURLToPath(new URL('../bin/lbctl.js', import.meta.url));

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

/** Path of a program, or undefined. */
export function find(program) {
  return FOLDERS.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

const NGINX = process.env.LBCTL_NGINX ?? find('nginx');

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a server program and waits until it listens; it ends with this process at the latest. */
export async function start(program, args, port, stdout = 'ignore') {
  const child = spawn(program, args, { stdio: ['ignore', stdout, 'inherit'] });
  running.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  void ended.then(() => running.delete(child));
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`${program} does not listen on port ${port}`);
    await sleep(50);
  }
  return { port, stop: (signal = 'SIGTERM') => (child.kill(signal), ended) };
}

/** Starts an NGINX with a folder and a configuration of its own. */
export function startNginx(folder, configuration, port) {
  mkdirSync(join(folder, 'temp'), { recursive: true });
  writeFileSync(join(folder, 'nginx.conf'), configuration);
  const args = ['-p', `${folder}/`, '-c', 'nginx.conf', '-e', 'error.log', '-g', 'daemon off;'];
  return start(NGINX, args, port);
}

/** Runs lbctl in the folder of an lb.yaml; throws where it fails. */
export async function lbctl(folder, ...args) {
  await promisify(execFile)(process.execPath, [LBCTL, ...args], { cwd: folder });
}

/** For an NGINX that may not write to the folders that it was built with. */
export const TEMPORARY_FOLDERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((user) => `${user}_temp_path temp/${user};`)
  .join(' ');

/** A free port below those that the system gives to outgoing connections. */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port - 10_000)) && (await isFree(port + 10_000))) return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
