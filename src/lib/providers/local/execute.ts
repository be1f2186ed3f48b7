import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { atLeast } from '../../nginx/version.ts';
import type { Step } from '../../plan/step.ts';
import type { Release } from '../../release/build.ts';
import type { Socket } from '../../render/tree.ts';
import { askMetrics } from './ask.ts';
import { run } from './command.ts';
import { logEnd, logLines, refusals } from './errors.ts';
import { notWritable } from './lock.ts';
import type { Nginx } from './nginx.ts';
import type { Observed } from './observe.ts';
import { type LocalStep, newSockets, type RemovalStep } from './plan.ts';
import { checkPorts } from './ports.ts';
import type { Places } from './places.ts';
import { findRunning } from './processes.ts';
import { activate, prune, stage } from './releases.ts';

/** All that a step needs beside itself. */
export interface Work {
  readonly places: Places;
  readonly nginx: Nginx;
  readonly release: Release;
  /** Module files that NGINX has to load. */
  readonly modules: readonly string[];
}

/** Longest wait for a new release to answer, in milliseconds. */
const CONFIRM_TIMEOUT = 15_000;
/** Time for open requests before NGINX is told to stop at once, in milliseconds. */
const QUIT_TIMEOUT = 10_000;
/** Time between two looks, in milliseconds. */
const POLL = 50;

export async function execute(
  { kind }: Step<LocalStep>,
  work: Work,
  observed: Observed,
  io: Io,
): Promise<void> {
  if (kind === 'stage') return stageRelease(work, observed, io);
  if (kind === 'start') return start(work, io);
  return reload(work, observed, io);
}

export async function removeStep({ kind }: Step<RemovalStep>, places: Places, io: Io): Promise<void> {
  return kind === 'stop' ? stop(places, io) : remove(places, io);
}

/** Writes the release, has NGINX judge it, and only then lets `current` lead to it. */
async function stageRelease(
  { places, nginx, release, modules }: Work,
  observed: Observed,
  io: Io,
): Promise<void> {
  io.notify({ kind: 'start', text: `checking release ${release.digest} with NGINX ${nginx.version}` });
  try {
    for (const folder of ['logs', 'run', 'temp', 'cache'])
      await mkdir(join(places.prefix, folder), { recursive: true });
    await loadModules(places, modules);
    const folder = await stage(places, release);
    const { code, lines } = await run(nginx.path, ['-t', ...nginxArguments(places, nginx, folder)]);
    if (code !== 0) {
      io.notify({ kind: 'failed', text: `NGINX refuses release ${release.digest}` });
      await rm(folder, { recursive: true, force: true });
      throw refused(lines, observed.running !== null);
    }
  } catch (error) {
    throw error instanceof UserError ? error : notWritable(places.prefix, error);
  }
  // before the switch, so that a port that is taken changes nothing
  const held = observed.running ? (observed.current?.sockets ?? []) : [];
  refuseMoves(held, release.sockets);
  await checkPorts(newSockets(held, release.sockets));
  await activate(places, release.digest);
  io.notify({ kind: 'done', text: `release ${release.digest} is in place` });
}

/** A running NGINX opens new sockets before it closes old ones, so a port cannot change its address by a reload. */
function refuseMoves(held: readonly Socket[], wanted: readonly Socket[]): void {
  for (const socket of newSockets(held, wanted)) {
    const { listener, port, address } = socket;
    const before = held.find((other) => overlap(other, socket));
    if (!before) continue;
    const message = `listener ${listener} would move from ${before.address} to ${address} on port ${port}, which a running NGINX cannot do`;
    throw new UserError('failed', 'address-moves', message, {
      hint: 'run lbctl down and lbctl up, or choose another port for the new address',
    });
  }
}

/** Whether two sockets cannot be open at once: the same port, and one of them takes all addresses of its family. */
function overlap(a: Socket, b: Socket): boolean {
  const family = ({ address }: Socket) => address.includes(':');
  const takesAll = ({ address }: Socket) => address === '0.0.0.0' || address === '::';
  return (
    a.port === b.port &&
    a.transport === b.transport &&
    family(a) === family(b) &&
    (takesAll(a) || takesAll(b))
  );
}

/** What this NGINX must load stands beside the releases, as it is a property of the machine. */
async function loadModules(places: Places, modules: readonly string[]): Promise<void> {
  await rm(places.modules, { recursive: true, force: true });
  await mkdir(places.modules, { recursive: true });
  const text = modules.map((file) => `load_module ${file};\n`).join('');
  if (text !== '') await writeFile(join(places.modules, 'load.conf'), text);
}

function refused(lines: readonly string[], running: boolean): UserError {
  const evidence = lines.filter((line) => !/test failed$|syntax is ok$/u.test(line));
  return new UserError('failed', 'nginx-refuses', 'NGINX refuses the configuration, so nothing was changed', {
    evidence,
    hint: running
      ? 'the release that ran before still serves; mend lb.yaml and run lbctl up again'
      : 'mend lb.yaml and run lbctl up again',
  });
}

function nginxArguments(places: Places, { version }: Nginx, folder: string): string[] {
  const own = [
    '-p',
    `${places.prefix}/`,
    '-c',
    `${folder.startsWith('/') ? folder.slice(places.prefix.length + 1) : folder}/nginx.conf`,
  ];
  // older ones open the log they were built with first, and only complain where they may not
  return atLeast(version, '1.19.5') ? [...own, '-e', 'logs/error.log'] : own;
}

async function start(work: Work, io: Io): Promise<void> {
  const { places, nginx, release, modules } = work;
  await checkPorts(release.sockets);
  io.notify({ kind: 'start', text: 'starting NGINX' });
  // after a crash the pid file may name a process that is somebody else's by now
  await rm(places.pidFile, { force: true });
  await loadModules(places, modules);
  const from = await logEnd(places.errorLog);
  const { code, lines } = await run(nginx.path, nginxArguments(places, nginx, 'current'));
  if (code !== 0 || !(await confirmed(release, CONFIRM_TIMEOUT))) {
    io.notify({ kind: 'failed', text: 'NGINX does not serve' });
    const evidence = [...new Set([...lines, ...refusals(await logLines(places.errorLog, from))])];
    throw new UserError('failed', 'start-failed', 'NGINX did not start', {
      evidence,
      hint: `its log is ${places.errorLog}`,
    });
  }
  await prune(places, release.digest);
  io.notify({ kind: 'done', text: `NGINX ${nginx.version} serves release ${release.digest}` });
}

async function reload(work: Work, observed: Observed, io: Io): Promise<void> {
  const { places, release } = work;
  const master = observed.running!.master;
  io.notify({ kind: 'start', text: 'reloading NGINX' });
  const from = await logEnd(places.errorLog);
  process.kill(master, 'SIGHUP');
  if (
    await confirmed(
      release,
      CONFIRM_TIMEOUT,
      async () => refusals(await logLines(places.errorLog, from)).length > 0,
    )
  ) {
    await prune(places, release.digest);
    io.notify({ kind: 'done', text: `NGINX serves release ${release.digest}` });
    return;
  }
  io.notify({ kind: 'failed', text: `release ${release.digest} does not serve` });
  await takeBack(work, observed, from, io);
}

/** The new release could not be loaded: NGINX goes on with the old one, and so must whoever starts it next. */
async function takeBack(
  { places, release }: Work,
  { current, running }: Observed,
  from: number,
  io: Io,
): Promise<never> {
  const evidence = refusals(await logLines(places.errorLog, from));
  if (current && current.digest !== release.digest) {
    await activate(places, current.digest);
    process.kill(running!.master, 'SIGHUP');
    io.notify({ kind: 'info', text: `release ${current.digest} is in place again` });
  }
  throw new UserError(
    'failed',
    'reload-failed',
    `NGINX did not take release ${release.digest}; the one before still serves`,
    {
      evidence,
      hint: `the whole log is ${places.errorLog}`,
    },
  );
}

/** Waits until the release answers; gives up early when `failed` says so. */
async function confirmed(
  { digest, sockets }: Release,
  timeout: number,
  failed = async () => false,
): Promise<boolean> {
  for (const end = Date.now() + timeout; Date.now() < end; await sleep(POLL)) {
    if ((await askMetrics(sockets, '/release')) === digest) return true;
    if (await failed()) return false;
  }
  return false;
}

async function stop(places: Places, io: Io): Promise<void> {
  io.notify({ kind: 'start', text: 'stopping NGINX when its open requests are done' });
  const patience = Date.now() + QUIT_TIMEOUT;
  let signal: NodeJS.Signals = 'SIGQUIT';
  for (let told = ''; ; await sleep(POLL)) {
    const running = await findRunning(places);
    if (!running) break;
    if (signal === 'SIGQUIT' && Date.now() > patience) {
      signal = 'SIGTERM';
      io.notify({
        kind: 'warn',
        text: `requests are still open after ${QUIT_TIMEOUT / 1000} s; they are cut`,
      });
    }
    if (told !== signal) process.kill(running.master, signal);
    told = signal;
  }
  io.notify({ kind: 'done', text: 'NGINX is stopped' });
}

async function remove({ prefix }: Places, io: Io): Promise<void> {
  await rm(prefix, { recursive: true, force: true }).catch((error: unknown) => {
    throw notWritable(prefix, error);
  });
  io.notify({ kind: 'done', text: `${prefix} is removed` });
}
