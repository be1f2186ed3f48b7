import { call } from './node/call.ts';
import type { Node } from './node/place.ts';
import { partsOf } from './node/words.ts';
import { nodeFailure } from './failure.ts';

/** Who made a release, and why. */
export interface About {
  readonly author: string;
  readonly message: string;
  /** Where it comes from: a file, and its commit where there is one. */
  readonly source: string;
}

/** What was done on a node. */
export interface Action {
  readonly time: Date;
  readonly who: string;
  /** `deploy`, `rollback`, `drain`… */
  readonly action: string;
  readonly release: string;
  /** The release that served before; null where it was none of lbctl's. */
  readonly before: string | null;
  /** `kept`, `undone`, `refused` or `stuck`. */
  readonly outcome: string;
  readonly about: Partial<About>;
}

/** What a node tells of itself. */
export interface NodeState {
  /** The release that serves, once what is unfinished has been taken back; null where it is none of lbctl's. */
  readonly current: string | null;
  /** The release that somebody brings just now, or that a run has left which was cut short. */
  readonly unfinished: string | null;
  readonly master: number | null;
  /** The release that answers; null where none does, or `current` is none of lbctl's. */
  readonly serving: string | null;
  /** The release that NGINX has loaded, where the API of NGINX Plus has brought the one that serves over it; else null. */
  readonly loaded: string | null;
  /** Releases that are there, in no order. */
  readonly releases: readonly string[];
  /** Oldest first. */
  readonly history: readonly Action[];
  /** Servers that get no new connections. */
  readonly drained: readonly string[];
  /** Certificates that it renews. */
  readonly renewed: readonly string[];
}

/** What a node tells that is still to be made, once it is. */
export const FRESH: NodeState = {
  current: null,
  unfinished: null,
  master: null,
  serving: null,
  loaded: null,
  releases: [],
  history: [],
  drained: [],
  renewed: [],
};

/** Phases in which a release is in place and may still be taken back. */
const UNPROVEN = new Set([
  'switching',
  'applying',
  'reloading',
  'confirming',
  'probing',
  'watching',
  'undoing',
]);

/** Asks a node; changes nothing. */
export async function observeNode(node: Node): Promise<NodeState> {
  const ran = await call(node, 'observe');
  if (ran.code !== 0) throw nodeFailure(node, ran);
  const first = (word: string): string => partsOf(ran.stdout, word)[0]?.[0] ?? '';
  const [phase = '', release = null, before = ''] = partsOf(ran.stdout, 'journal')[0] ?? [];
  const unfinished = UNPROVEN.has(phase) ? release : null;
  return {
    current: releaseIn(unfinished === null ? first('link') : before),
    unfinished,
    master: Number(first('master')) || null,
    serving: nameIn(first('serving')),
    loaded: nameIn(first('loaded')),
    releases: partsOf(ran.stdout, 'release').map(([id = '']) => id),
    history: partsOf(ran.stdout, 'history').map(readAction),
    drained: first('drained')
      .split(' ')
      .filter((server) => server !== ''),
    renewed: partsOf(ran.stdout, 'renewed').map(([name = '']) => name),
  };
}

/** What a node was answered, where that is the name of a release. */
function nameIn(answer: string): string | null {
  return /^[0-9a-f]+$/u.exec(answer)?.[0] ?? null;
}

/** The release that a link leads to. */
function releaseIn(target: string): string | null {
  return /(?:^|\/)releases\/([0-9a-f]+)/u.exec(target)?.[1] ?? null;
}

function readAction([
  time = '0',
  who = '',
  action = '',
  release = '',
  link = '',
  outcome = '',
  about = '',
]: string[]): Action {
  return {
    time: new Date(Number(time) * 1000),
    who,
    action,
    release,
    before: releaseIn(link),
    outcome,
    about: readAbout(about),
  };
}

function readAbout(text: string): Partial<About> {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Partial<About>;
  } catch {
    return {};
  }
}

/** About as a word without white space. */
export function writeAbout(about: About): string {
  return Buffer.from(JSON.stringify(about)).toString('base64');
}
