import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.ts';
import type { Progress } from '../../io.ts';
import { activate, push, restore } from '../activate.ts';
import { observeNode } from '../history.ts';
import { call } from '../node/call.ts';
import { type Limits, nextMove, type Stage, type Verdict } from './decide.ts';
import { each } from './each.ts';
import type { NodeReport, Outcome } from './outcome.ts';
import { atOnceOf } from './survey.ts';
import type { Target, Wanted } from './target.ts';

/** Told what happens, for whoever looks on. */
export interface Watcher {
  /** The files of a release are being brought to a node. */
  brings(node: string, release: string): void;
  /** Something that is done on a node. */
  progress(node: string, progress: Progress): void;
  /** A node has come to an end, for now: it may still be rolled back. */
  settled(report: NodeReport): void;
  /** Something about all nodes. */
  note(progress: Progress): void;
}

interface Settings {
  readonly limits: Limits;
  /** Seconds between two batches. */
  readonly pause: number;
  readonly watcher: Watcher;
  /** When it is aborted, no more nodes are begun; what is in work comes to its end. */
  readonly signal: AbortSignal;
}

interface RolledOut {
  readonly verdict: Verdict;
  /** All nodes, in their order. */
  readonly nodes: readonly NodeReport[];
}

/** A target that has something to do. */
interface Due extends Target {
  readonly state: NonNullable<Target['state']>;
  readonly wanted: Wanted;
}

/** How a piece of work on a node ended. */
interface Ended {
  readonly stage: Stage;
  readonly error?: UserError | undefined;
}

/** Seconds beyond those of the watch that a node without a connection is given to come to its end. */
const GRACE = 60;

/**
 * Brings each node the release that is wanted there, batch by batch, and takes it back everywhere when more nodes fail
 * than may. Failures of nodes are reported, not thrown.
 */
export async function rollOut(targets: readonly Target[], settings: Settings): Promise<RolledOut> {
  const { limits, pause, watcher, signal } = settings;
  const ends: Ended[] = targets.map(beginning);
  const work = { push: bring, activate: serve, 'take-back': takeBack };
  let begun = false;
  for (;;) {
    const stages = ends.map(({ stage }) => stage);
    const move = nextMove(stages, limits, signal.aborted);
    if (move.kind === 'end')
      return { verdict: move.verdict, nodes: targets.map((target, i) => reportOf(target, ends[i]!)) };
    if (move.kind === 'push' && begun && pause > 0) {
      watcher.note({ kind: 'info', text: `pause of ${pause} s` });
      // whoever interrupts it is answered by the next move
      await sleep(pause * 1000, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) continue;
    }
    if (move.kind === 'take-back')
      watcher.note({ kind: 'warn', text: takingBack(stages, move.nodes.length) });
    begun ||= move.kind === 'activate';
    const atOnce = move.kind === 'take-back' ? atOnceOf(targets.map(({ node }) => node)) : move.nodes.length;
    await each(move.nodes, atOnce, async (index) => {
      const target = targets[index]! as Due;
      const end = await work[move.kind](target, watcher);
      ends[index] = end;
      if (end.stage !== 'brought') watcher.settled(reportOf(target, end));
    });
  }
}

function takingBack(stages: readonly Stage[], count: number): string {
  const failed = stages.filter((stage) => stage !== 'kept' && stage !== 'not-begun' && stage !== 'current');
  return `${failed.length} of ${stages.length} nodes failed: ${count} ${count === 1 ? 'goes' : 'go'} back to what served before`;
}

function beginning({ trouble, wanted }: Target): Ended {
  if (trouble) return { stage: trouble.code === 'refused' ? 'refused' : 'unreachable', error: trouble };
  return { stage: wanted ? 'not-begun' : 'current' };
}

async function bring({ node, wanted }: Due, watcher: Watcher): Promise<Ended> {
  if (wanted.isThere) return { stage: 'brought' };
  watcher.brings(node.transport.name, wanted.id);
  try {
    await push(node, wanted.id, wanted.files);
    return { stage: 'brought' };
  } catch (error) {
    const { code } = userError(error);
    if (code === 'left') return { stage: 'left', error: userError(error) };
    // a file was on its way, and nothing that serves was touched
    const outcome = code === 'refused' || code === 'node-failed' ? 'refused' : 'unreachable';
    return { stage: outcome, error: userError(error) };
  }
}

async function serve(target: Due, watcher: Watcher): Promise<Ended> {
  const { id, activation, live } = target.wanted;
  try {
    await activate(target.node, id, { ...activation, live: live?.there }, speaker(target, watcher));
    return { stage: 'kept' };
  } catch (error) {
    return afterFailure(target, id, userError(error));
  }
}

/** What going back is for the history; drains are none of the releases that one goes back to. */
const BACK: Readonly<Record<string, string>> = { drain: 'undrain', undrain: 'drain' };

async function takeBack(target: Due, watcher: Watcher): Promise<Ended> {
  const { node, state, wanted } = target;
  const before = state.current;
  const name = node.transport.name;
  const { about } = wanted.activation;
  const why = { ...about, message: `release ${wanted.id} failed on other nodes` };
  // what served before has proved itself
  const activation = {
    ...wanted.activation,
    action: BACK[wanted.activation.action] ?? 'rollback',
    about: why,
    watch: 0,
    drained: state.drained,
    seen: wanted.activation.drained ?? [],
    live: wanted.live?.back,
  };
  try {
    if (before === null) await restore(node, activation, speaker(target, watcher));
    else await activate(node, before, activation, speaker(target, watcher));
    return { stage: 'rolled-back' };
  } catch (error) {
    const ended = await afterFailure(target, before, userError(error));
    if (ended.stage === 'kept') return { stage: 'rolled-back' };
    if (ended.stage === 'stuck' || ended.stage === 'lost' || ended.stage === 'left') return ended;
    const { message, evidence } = userError(error);
    return {
      stage: 'not-rolled-back',
      error: new UserError('failed', 'not-rolled-back', `${name} still serves ${wanted.id}: ${message}`, {
        evidence,
        hint: before === null ? undefined : `lbctl rollback ${before} tries it again`,
      }),
    };
  }
}

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  'taken-back': 'undone',
  refused: 'refused',
  locked: 'refused',
  stuck: 'stuck',
  left: 'left',
};

/** What a failure of `activate` means for the node. */
async function afterFailure(target: Due, id: string | null, error: UserError): Promise<Ended> {
  const known = OUTCOMES[error.code];
  if (known) return { stage: known, error };
  // it was begun, and goes on by itself, or was killed on its way
  if (error.code === 'connection-lost' || error.code === 'node-failed') return recovered(target, id, error);
  return { stage: 'unreachable', error };
}

/** Waits until a node has come to its end without us, or has been brought to one, and asks what that was. */
async function recovered({ node, wanted }: Due, id: string | null, error: UserError): Promise<Ended> {
  const { about, watch } = wanted.activation;
  const settings = { who: about.author, reason: 'recover', wait: String(watch + GRACE) };
  try {
    const { code } = await call(node, 'recover', settings);
    if (code === 12) return { stage: 'stuck', error };
    if (code !== 0) return { stage: 'lost', error };
    const { current, history } = await observeNode(node);
    const last = history.findLast(({ release }) => release === id);
    if (current === id) return { stage: 'kept' };
    return { stage: last?.outcome === 'stuck' ? 'stuck' : 'undone', error };
  } catch (again) {
    // of two errors the first tells what was going on
    const { code } = userError(again);
    return code === 'left' ? { stage: 'left', error: userError(again) } : { stage: 'lost', error };
  }
}

function speaker({ node }: Target, watcher: Watcher): { notify(progress: Progress): void } {
  return { notify: (progress) => watcher.progress(node.transport.name, progress) };
}

/** Errors of other kinds are defects, which nobody may take for a node's. */
function userError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}

function reportOf({ node, state, wanted }: Target, { stage, error }: Ended): NodeReport {
  const before = state?.current ?? null;
  // files that were brought and not used change nothing
  const outcome = stage === 'brought' ? 'not-begun' : stage;
  const isNew = outcome === 'kept' || outcome === 'not-rolled-back';
  const isUnknown = outcome === 'stuck' || outcome === 'lost' || outcome === 'left';
  const after = isNew ? (wanted?.id ?? null) : isUnknown ? null : before;
  return { node: node.transport.name, outcome, before, after, ...(error ? { error } : {}) };
}
