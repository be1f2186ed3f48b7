import { rm } from 'node:fs/promises';
import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Step } from '../../plan/step.ts';
import { run } from './command.ts';
import { confirm, haveLetGo } from './confirm.ts';
import { logEnd, logLines, refusals } from './errors.ts';
import { commandLine } from './nginx.ts';
import type { Observed } from './observe.ts';
import type { LocalStep, RemovalStep } from './plan.ts';
import { checkPorts } from './ports.ts';
import type { Places } from './places.ts';
import { activate, prune, writeModules } from './releases.ts';
import { findRunning } from './running.ts';
import { send } from './signal.ts';
import { stageRelease } from './stage.ts';
import { retireOrphans, stop } from './stop.ts';
import type { Work } from './work.ts';
import { writing } from './writing.ts';

export function execute(step: Step<LocalStep>, work: Work, observed: Observed, io: Io): Promise<void> {
  return writing(work.places.prefix, () => take(step, work, observed, io));
}

export function removeStep({ kind }: Step<RemovalStep>, places: Places, io: Io): Promise<void> {
  return writing(places.prefix, () => (kind === 'stop' ? stop(places, io) : remove(places, io)));
}

async function take({ kind }: Step<LocalStep>, work: Work, observed: Observed, io: Io): Promise<void> {
  if (kind === 'stage') return stageRelease(work, observed, io);
  if (kind === 'retire') return retireOrphans(work.places, io);
  if (kind === 'restart') await stop(work.places, io);
  if (kind === 'start' || kind === 'restart') return start(work, io);
  return reload(work, observed, io);
}

async function start(work: Work, io: Io): Promise<void> {
  const { places, nginx, release, modules } = work;
  await checkPorts(release.sockets);
  io.notify({ kind: 'start', text: 'starting NGINX' });
  // after a crash the pid file may name a process that is somebody else's by now
  await rm(places.pidFile, { force: true });
  // the modules of the machine may be others than when the release was staged
  await writeModules(places, release.digest, modules);
  const from = await logEnd(places.errorLog);
  const { code, lines } = await run(nginx.path, commandLine(places, nginx, 'current'));
  if (code !== 0 || !(await confirm(release))) {
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
  io.notify({ kind: 'start', text: 'reloading NGINX' });
  const { running } = await findRunning(places);
  if (!running) {
    throw new UserError('failed', 'nginx-gone', 'NGINX ended before it could be reloaded', {
      hint: 'run lbctl up again, which starts it',
    });
  }
  const before = running.workers.map(({ pid }) => pid);
  const from = await logEnd(places.errorLog);
  send(running.master, 'SIGHUP');
  const hindered = async () => refusals(await logLines(places.errorLog, from)).length > 0;
  if (await confirm(release, hindered, () => haveLetGo(places, before))) {
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
    send(running!.master, 'SIGHUP');
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

async function remove({ prefix }: Places, io: Io): Promise<void> {
  await rm(prefix, { recursive: true, force: true });
  io.notify({ kind: 'done', text: `${prefix} is removed` });
}
