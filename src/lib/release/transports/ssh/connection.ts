import { type SpawnOptions as Options, spawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Aborted, UserError } from '../../../errors.ts';
import { spawned } from '../spawned.ts';
import type { Ran, RunOptions } from '../transport.ts';
import { commonArgs, ENV, exitArgs, SHARED_ONLY, type Target } from './command-line.ts';
import { clearAfterwards } from './guard.ts';
import { hangs, isRefusal, isUnconnected, lost, withoutSsh } from './program-trouble.ts';
import { readCode, remoteCommand } from './remote-command.ts';
import { connectionTrouble, reasonOfEnd } from './trouble.ts';

interface ProgramOptions extends RunOptions {
  /** Words that give it its rights, of which nobody needs to be told. */
  readonly before?: readonly string[] | undefined;
  /** It only asks for something, in a moment: nothing is lost with it. */
  readonly probe?: boolean | undefined;
}

interface Connection {
  /** Runs a program as the user who logs in; opens the connection where there is none. */
  run(words: readonly string[], options?: ProgramOptions): Promise<Ran>;
  close(): Promise<void>;
}

/** How ssh finds the connection that is open. */
interface Link {
  readonly args: readonly string[];
  /** Of our own; somebody else's has none that we know of. */
  readonly socket?: string | undefined;
  readonly log?: string | undefined;
}

/**
 * Seconds that a connection outlives its last program, should nothing else end it. Long enough for the last of many
 * nodes to have its turn over the connection by which it was asked at first.
 */
const PERSIST = 600;
/** For a person to touch a key, or an agent to ask; a machine that hangs takes for ever. */
const LOGIN_TIMEOUT = 60_000;
/** A jump host in front of many nodes turns newcomers away for a moment. */
const ATTEMPTS = 5;

/** Milliseconds for a login shell to start and for sudo to make up its mind. */
const PROBE_TIMEOUT = 30_000;

/** One connection to a node, which all programs share. It is opened when it is needed, and again should it be gone. */
export function connectionTo(target: Target): Connection {
  const { name, destination, knownHosts } = target;
  let stop = newStop();
  let folder: Promise<string> | undefined;
  let link: Promise<Link> | undefined;
  let current: Link | undefined;
  let sockets: string[] = [];
  let count = 0;

  function connected(): Promise<Link> {
    // without programs it ends after a while
    if (current?.socket !== undefined && !existsSync(current.socket)) forget(current);
    link ??= connect().then(
      (opened) => (current = opened),
      (error: unknown) => {
        link = undefined;
        throw error;
      },
    );
    return link;
  }

  function forget(gone: Link): void {
    if (current !== gone) return;
    [link, current] = [undefined, undefined];
  }

  async function makeFolder(): Promise<string> {
    const keys = knownHosts === undefined ? undefined : await readKeys(knownHosts);
    const path = await mkdtemp(join(shortFolder(), 'lbctl-'));
    clearAfterwards(path);
    // a name that ssh takes for one file, whatever that of theirs has in it
    if (keys) await writeFile(join(path, 'known_hosts'), keys);
    return path;
  }

  async function connect(): Promise<Link> {
    const { signal } = stop;
    for (let attempt = 1; ; attempt++) {
      try {
        return await logIn(signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof UserError)) throw error;
        if (error.code === 'permission-denied' && (await hasOwn())) return { args: SHARED_ONLY };
        if (error.code !== 'connection-closed' || attempt === ATTEMPTS) throw error;
        await sleep(100 * 2 ** attempt * (0.5 + Math.random()), undefined, { signal });
      }
    }
  }

  async function logIn(signal: AbortSignal): Promise<Link> {
    const path = join(await place(), String(++count));
    const [log, proxyLog] = [`${path}.log`, `${path}.err`];
    sockets.push(path);
    const stderr = await open(proxyLog, 'a', 0o600);
    const args = ['-v', '-E', log, '-N', '-M', '-S', path, '-o', `ControlPersist=${PERSIST}`];
    const code = await login([...commonArgs(target, await place()), ...args, '--', destination], {
      // not a pipe: what goes to a jump host holds it as long as it runs
      stdio: ['ignore', 'ignore', stderr.fd],
      signal,
    }).finally(() => stderr.close());
    if (code === 0) return { args: ['-S', path, ...SHARED_ONLY], socket: path, log };
    if (code === null)
      throw new UserError('failed', 'connection-timeout', `${name} does not bring the login to an end`, {
        evidence: reasonOfEnd(await read(log)),
        hint: `try it: ssh ${destination}`,
      });
    const pinned = knownHosts === undefined ? undefined : { file: knownHosts, copy: await copyOfKeys() };
    throw connectionTrouble({
      name,
      destination,
      log: await read(log),
      proxyLog: await read(proxyLog),
      pinned,
    });
  }

  const copyOfKeys = async (): Promise<string> => join(await place(), 'known_hosts');

  function place(): Promise<string> {
    folder ??= makeFolder().catch((error: unknown) => {
      folder = undefined;
      throw error;
    });
    return folder;
  }

  /** Whether the person keeps a connection open, which may have taken more than a key. It vouches for no pinned key. */
  async function hasOwn(): Promise<boolean> {
    if (knownHosts !== undefined) return false;
    const words = ['ssh', ...commonArgs(target, ''), '-O', 'check', '--', destination];
    const { code } = await spawned(words, { env: ENV, timeout: 5000 });
    return code === 0;
  }

  async function run(words: readonly string[], options: ProgramOptions = {}, again = true): Promise<Ran> {
    const { signal } = stop;
    const used = await connected().catch((error: unknown) => {
      throw signal.aborted ? new Aborted() : error;
    });
    if (signal.aborted) throw new Aborted();
    const begun = Date.now();
    const { ran, log } = await start(used.args, words, options, signal);
    if (ran.code !== null && ran.code !== 255) return { ...ran, code: readCode(ran.code) };
    if (signal.aborted) throw closed(words, options);
    if (options.probe && Date.now() - begun >= PROBE_TIMEOUT) throw hangs(name, PROBE_TIMEOUT);
    if (isRefusal(log)) return alone(words, options, signal);
    forget(used);
    // ssh went for a connection of its own, which it may not have: the program was not started
    if (again && isUnconnected(log)) return run(words, options, false);
    throw lost(name, words, [...reasonOfEnd(used.log ? await read(used.log) : ''), ...reasonOfEnd(log)]);
  }

  /** For one program more than sshd allows over one connection (MaxSessions). */
  async function alone(words: readonly string[], options: ProgramOptions, signal: AbortSignal): Promise<Ran> {
    const { ran, log } = await start(['-S', 'none'], words, options, signal);
    if (ran.code !== null && ran.code !== 255) return { ...ran, code: readCode(ran.code) };
    if (/Authenticated to/u.test(log)) throw lost(name, words, reasonOfEnd(log));
    throw connectionTrouble({ name, destination, log, proxyLog: ran.stderr });
  }

  async function start(
    args: readonly string[],
    words: readonly string[],
    options: ProgramOptions,
    signal: AbortSignal,
  ): Promise<{ ran: Ran; log: string }> {
    const log = join(await place(), `${++count}.log`);
    const ssh = ['ssh', ...commonArgs(target, await place()), '-o', 'LogLevel=DEBUG1', '-E', log, ...args];
    const ran = await spawned(
      [...ssh, '--', destination, remoteCommand([...(options.before ?? []), ...words])],
      {
        ...options,
        timeout: options.probe ? PROBE_TIMEOUT : undefined,
        env: ENV,
        signal,
      },
    ).catch((error: unknown) => {
      throw signal.aborted ? closed(words, options) : withoutSsh(error);
    });
    const text = await read(log);
    await rm(log, { force: true });
    return { ran, log: text };
  }

  /** What becomes of a program when `close` comes before its end. */
  function closed(words: readonly string[], { probe }: ProgramOptions): Error {
    return probe ? new Aborted() : lost(name, words, []);
  }

  async function close(): Promise<void> {
    stop.abort();
    stop = newStop();
    await link?.catch(() => undefined);
    const [path, all] = [await folder?.catch(() => undefined), sockets];
    [folder, link, current, sockets] = [undefined, undefined, undefined, []];
    for (const socket of all.filter((file) => existsSync(file))) await spawned(['ssh', ...exitArgs(socket)]);
    if (path === undefined) return;
    await rm(path, { recursive: true, force: true });
  }

  return { run: (words, options) => run(words, options), close };
}

/** Any number of programs may listen to it. */
function newStop(): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return stop;
}

/** Sockets have paths of some 100 bytes at most, of which ssh takes 17 more while it makes one, and expands `%`. */
function shortFolder(): string {
  const folder = tmpdir();
  return /^[\w./+-]{1,60}$/u.test(folder) ? folder : '/tmp';
}

function login(args: readonly string[], options: Pick<Options, 'stdio' | 'signal'>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...ENV };
    // a session of its own: Ctrl-C does not reach it, and no terminal to prompt on
    const child = spawn('ssh', args, { ...options, env, detached: true, timeout: LOGIN_TIMEOUT });
    child.on('error', (error) => reject(withoutSsh(error)));
    child.on('exit', resolve);
  });
}

function readKeys(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: Error) => {
    throw new UserError(
      'input',
      'known-hosts',
      `cannot read the known host keys in ${file}: ${cause.message}`,
      {
        cause,
      },
    );
  });
}

function read(log: string): Promise<string> {
  return readFile(log, 'utf8').catch(() => '');
}
