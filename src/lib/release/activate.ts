import type { Io } from '../io.ts';
import { archive } from './archive.ts';
import type { ReleaseFile } from './build.ts';
import { nodeFailure } from './failure.ts';
import { type About, writeAbout } from './history.ts';
import { call } from './node/call.ts';
import type { Node } from './node/place.ts';
import { readSaid } from './node/words.ts';
import type { Ran } from './transports/transport.ts';

export interface Activation {
  /** What it is for the history: `deploy`, `rollback`, `drain`… */
  readonly action: string;
  readonly about: About;
  /** Seconds for which the release is watched once it serves. */
  readonly watch: number;
  /** Seconds to wait for somebody else who is at work. */
  readonly wait: number;
  /** Whether NGINX is started where it does not run. */
  readonly begin?: boolean;
  /** Servers that get no new connections from then on. */
  readonly drained?: readonly string[];
  /** Those that were drained when this was planned: where the node has others by now, it refuses. */
  readonly seen?: readonly string[];
  /** How NGINX Plus comes to it without a reload; where it does not, it is reloaded. */
  readonly live?: Live | undefined;
}

/** Changes that the API of NGINX Plus makes, as the script of the node takes them. */
export interface Live {
  /** The release that has to serve for them. */
  readonly base: string;
  readonly changes: readonly string[];
}

/** Why somebody is at work, for others who want to work too. */
export function because(action: string, message = ''): string {
  return message === '' ? action : `${action}: ${message}`;
}

/** Brings the files of a release to a node. What bears its name there already is replaced. */
export async function push(node: Node, id: string, files: readonly ReleaseFile[]): Promise<void> {
  const ran = await call(node, 'receive', { release: id }, { input: await archive(files) });
  if (ran.code !== 0) throw nodeFailure(node, ran);
}

/**
 * Has the NGINX of a node check a release that is there; changes nothing else.
 * @throws UserError `failed` with what NGINX says where it refuses it.
 */
export async function check(
  node: Node,
  id: string,
  { action, about, wait }: Pick<Activation, 'action' | 'about' | 'wait'>,
): Promise<void> {
  const settings = { release: id, action, about: writeAbout(about), who: about.author, reason: action };
  const ran = await call(node, 'check', { ...settings, wait: String(wait) });
  if (ran.code !== 0) throw nodeFailure(node, ran);
}

/**
 * Has a node serve a release that is there, and keep it only if it serves well.
 * @throws UserError `failed` with the evidence where the release before serves again, or nothing was changed.
 */
export async function activate(
  node: Node,
  id: string,
  { action, about, watch, wait, begin = false, drained = [], seen, live }: Activation,
  io: Pick<Io, 'notify'>,
): Promise<void> {
  const settings = {
    release: id,
    action,
    about: writeAbout(about),
    who: about.author,
    reason: because(action, about.message),
    watch: String(watch),
    wait: String(wait),
    begin: begin ? 'yes' : 'no',
    drained: drained.join(' '),
    ...(seen ? { seen: seen.join(' ') } : {}),
    ...(live ? { base: live.base, live: live.changes.join('\n') } : {}),
  };
  const ran = await perform(node, 'activate', settings, io);
  if (ran.code !== 0) throw nodeFailure(node, ran);
}

/**
 * Has a node serve what the release that serves now came in place of, be it none of lbctl's.
 * @throws UserError `failed` where that is not known, or does not serve any more.
 */
export async function restore(
  node: Node,
  { action, about, wait }: Activation,
  io: Pick<Io, 'notify'>,
): Promise<void> {
  const settings = {
    action,
    about: writeAbout(about),
    who: about.author,
    reason: because(action, about.message),
    wait: String(wait),
  };
  const ran = await perform(node, 'restore', settings, io);
  if (ran.code !== 0) throw nodeFailure(node, ran);
}

/** Calls a verb that changes what serves, and tells its steps. */
async function perform(
  node: Node,
  verb: 'activate' | 'restore',
  settings: Readonly<Record<string, string>>,
  io: Pick<Io, 'notify'>,
): Promise<Ran> {
  let open = '';
  const onLine = (line: string): void => {
    const { word, parts } = readSaid(line);
    const [first = '', text = ''] = parts;
    if (word === 'step') {
      if (open !== '') io.notify({ kind: first === 'undoing' ? 'failed' : 'done', text: open });
      open = text;
      io.notify({ kind: 'start', text });
    } else if (word === 'note') io.notify({ kind: 'info', text: first });
    else if (word === 'failed') io.notify({ kind: 'warn', text });
  };
  const ran = await call(node, verb, settings, { onLine });
  if (open !== '') io.notify({ kind: ran.code === 0 || ran.code === 10 ? 'done' : 'failed', text: open });
  return ran;
}
