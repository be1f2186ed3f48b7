import { type Lists, newLists } from '../lib/aws/lightsail/lists.ts';
import { Aborted, UserError } from '../lib/errors.ts';
import type { Io } from '../lib/io.ts';
import type { Plan, Step } from '../lib/plan/step.ts';
import type { Newcomers } from '../lib/providers/provider.ts';
import { type AnyProvider, providerOf } from '../lib/providers/registry.ts';
import { withLive } from '../lib/pool/with-live.ts';
import { author } from '../lib/release/author.ts';
import type { Node } from '../lib/release/node/place.ts';
import { type Activation, because, check, push } from '../lib/release/activate.ts';
import { planActivations } from '../lib/release/plan.ts';
import { limitsOf, readPolicy } from '../lib/release/rollout/policy.ts';
import type { NodeReport } from '../lib/release/rollout/outcome.ts';
import { rollOut } from '../lib/release/rollout/roll-out.ts';
import { refuseUnreachable, survey, type Surveyed } from '../lib/release/rollout/survey.ts';
import { type Target, targetsOf, type Wanted } from '../lib/release/rollout/target.ts';
import { readWaits } from '../lib/release/settings.ts';
import { loadBalancer, type Loaded } from '../lib/source/load.ts';
import { renderReports, reportDocument } from '../lib/ui/fleet-report.ts';
import { showRollout } from '../lib/ui/fleet.ts';
import { interruptible, untilBegun } from '../lib/ui/interruption.ts';
import { changeDocument, renderPlan } from '../lib/ui/plan.ts';
import { withProgress } from '../lib/ui/progress.ts';
import type { Terminal } from '../lib/ui/terminal.ts';
import { visible } from '../lib/ui/visible.ts';
import type { Invocation, Outcome } from './command.ts';
import { messageIn } from './message.ts';
import { withServers } from './found.ts';
import { leadNewcomers, newcomersOf } from './newcomers.ts';

/** What a node is to serve. */
export interface Release extends Omit<Wanted, 'activation'> {
  /** Words of the servers that get no new connections from then on. */
  readonly drained: readonly string[];
}

/** What a provider does before releases come. */
interface Ahead {
  readonly steps: readonly Step[];
  /** Throws where what is planned cannot be done. */
  check(): Promise<void>;
  /** Takes the steps. */
  take(io: Io): Promise<void>;
}

/** What is done when all nodes serve their release. */
interface Behind {
  readonly steps: readonly Step[];
  take(io: Io): Promise<void>;
}

/** What is to be done, once it is known what nodes serve. */
export interface Choice {
  /** The release of each node that was asked, in their order. */
  readonly releases: readonly Release[];
  readonly question: string;
  /** What comes before the releases. */
  readonly ahead?: Ahead;
  /** What comes once all nodes serve them. */
  readonly after?: Pick<Ahead, 'steps' | 'take'>;
  /** What comes last. */
  readonly behind?: Behind;
  /** Why, where `--message` does not say it. */
  readonly message?: string;
  /** Why it is not done, though it can be shown. */
  readonly refusal?: UserError | undefined;
  /** What comes above the plan. */
  readonly head?: string | undefined;
  /** What is not as it might be, below the plan. */
  readonly remarks?: readonly string[] | undefined;
  /** What else is to be known, below them. */
  readonly notes?: string | undefined;
  /** The command that goes on where this is interrupted. */
  readonly again?: string | undefined;
  /** The command that takes back what was done by then; a rollback where all nodes served the same, when left out. */
  readonly back?: string | undefined;
  /** What is to be known once it is done. */
  readonly ending?: string | undefined;
  /** Does it within something, which is done even where no node has anything to do. */
  around?(work: () => Promise<RolledOut>, io: Io): Promise<RolledOut>;
  /** What is waited for at the end, when others may work on the balancer again; gives further keys of the document. */
  finish?(nodes: readonly Node[], document: Document): Promise<Document>;
}

/** What can be asked when nodes are to be chosen for. */
export interface World {
  readonly provider: AnyProvider;
  readonly place: unknown;
  readonly loaded: Loaded;
  /** Instances, as far as they were listed; the place has them forgotten where it changes some. */
  readonly lists: Lists;
}

export interface Work {
  readonly action: 'up' | 'deploy' | 'rollback' | 'drain' | 'undrain' | 'add' | 'remove';
  /** lb.yaml, where it has been read already. */
  readonly loaded?: Loaded;
  /** Of instances, where some were asked for already. */
  readonly lists?: Lists;
  /** Whether it brings what lb.yaml describes, servers that are found included. */
  readonly brings?: true;
  /** @param surveyed nodes that can be asked. */
  choose(world: World, surveyed: readonly Surveyed[]): Promise<Choice>;
}

type RolledOut = Awaited<ReturnType<typeof rollOut>>;
type Document = Readonly<Record<string, unknown>>;

/**
 * What commands that change what nodes serve have in common. `--json`: `{schemaVersion, name, provider, changed, steps,
 * summary, release, nodes: [{node, outcome, before, after, evidence}]}`; `release` is null where nodes go to different
 * ones.
 */
export async function rollOutFrom(invocation: Invocation, work: Work): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const { wait } = readWaits(options);
  const { pause } = readPolicy(options);
  const loaded = work.loaded ?? (await loadBalancer(invocation));
  const provider = await providerOf(loaded.balancer);
  const { lists = newLists() } = work;
  const place = provider.locate(loaded, lists);
  invocation.atEnd(() => provider.close(place));

  const claim = {
    who: author(env),
    why: because(work.action, messageIn(options)),
    wait,
    notify: (text: string) => terminal.note(`${terminal.noteStyle.dim('·')} ${visible(text)}`),
  };
  const run = async (begin: () => void) => {
    const world = {
      provider,
      place,
      loaded: work.brings ? await withServers(loaded, lists) : loaded,
      lists,
    };
    const first = await look(invocation, work, world);
    const { choice, ids } = first;
    const { ahead, after, around, behind } = choice;
    const plan: Plan = {
      balancer: loaded.balancer.name,
      provider: provider.name,
      steps: [
        ...(ahead?.steps ?? []),
        ...(await planActivations(first.targets)),
        ...first.newcomers.steps,
        ...(after?.steps ?? []),
        ...(behind?.steps ?? []),
      ],
    };
    const style = terminal.noteStyle;
    if (choice.head !== undefined) terminal.note(choice.head);
    terminal.note(renderPlan(plan, style));
    for (const line of remarksOn(first)) terminal.note(`${style.yellow('!')} ${line}`);
    if (choice.notes !== undefined) terminal.note(choice.notes);
    const asked = first.able.map(({ node }) => node);
    const told = { plan, ids, choice, asked, late: undefined, led: first.newcomers.steps.length };
    if (plan.steps.length === 0 && !around)
      return { ...told, rolledOut: await idle(first.targets, { limits: first.limits, pause }) };
    if (choice.refusal) throw choice.refusal;
    const done = await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      const asks = work.action !== 'up' || movesTraffic(plan, first.targets);
      if (asks && !(await io.confirm(choice.question))) throw new Aborted('nothing was changed');
      begin();
      const now = await goAhead(first, () => look(invocation, work, world), io);
      const bring = (targets: readonly Target[]): Promise<RolledOut> =>
        targets.some(({ wanted }) => wanted)
          ? shown(terminal, io, targets, { limits: now.limits, pause })
          : idle(targets, { limits: now.limits, pause });
      const roll = async (): Promise<RolledOut> =>
        leadNewcomers({ ...world, env }, now, await bring(now.targets), bring, io);
      const rolledOut = await (around ? around(roll, io) : roll());
      if (rolledOut.verdict === 'done' && after && after.steps.length > 0) await after.take(io);
      return { rolledOut, late: await follow(now.choice.behind, rolledOut, io) };
    });
    return { ...told, ...done };
  };
  const ended = await untilBegun(({ signal, ...before }) =>
    provider.exclusively(place, { ...claim, signal }, () => before.look(() => run(before.begin))),
  );

  const { plan, ids, rolledOut, choice, asked, late, led } = ended;
  const { verdict, nodes } = rolledOut;
  const document: Document = {
    ...changeDocument(plan),
    changed:
      [...(choice.ahead?.steps ?? []), ...(choice.after?.steps ?? [])].length > 0 ||
      (verdict === 'done' && led > 0) ||
      nodes.some(({ outcome }) => CHANGED.has(outcome)) ||
      (verdict === 'done' && (choice.behind?.steps.length ?? 0) > 0),
    release: ids.length === 1 ? ids[0] : null,
    nodes: nodes.map(reportDocument),
  };
  if (plan.steps.length > 0 && nodes.length > 1) terminal.note(renderReports(nodes, terminal.noteStyle));
  if (verdict === 'failed') throw failureOf(nodes, ids, document);
  if (late) {
    const { kind, code, message, hint, evidence, cause } = late;
    throw new UserError(kind, code, message, { hint, evidence, cause, done: document });
  }
  if (choice.ending !== undefined && plan.steps.length > 0) terminal.note(choice.ending);
  const isDone = verdict === 'done';
  const whole = isDone && choice.finish ? await choice.finish(asked, document) : document;
  if (terminal.json) terminal.printJson(whole);
  if (!isDone) throw new Aborted(interruptedAt(nodes, ids, choice));
  return 0;
}

/** Takes what comes when all nodes serve their release; gives what went wrong, so that the rest is told, too. */
async function follow(
  behind: Behind | undefined,
  { verdict }: RolledOut,
  io: Io,
): Promise<UserError | undefined> {
  if (!behind || behind.steps.length === 0 || verdict !== 'done') return undefined;
  try {
    await behind.take(io);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** Nodes as they are, and what they are to serve. */
interface Sight {
  /** Nodes that can be asked. */
  readonly able: readonly Surveyed[];
  readonly targets: readonly Target[];
  readonly choice: Choice;
  readonly ids: readonly string[];
  readonly limits: ReturnType<typeof limitsOf>;
  /** What all are to serve, where that is the same. */
  readonly wanted: Wanted | undefined;
  /** What it takes until nodes that come by themselves serve it, too. */
  readonly newcomers: Newcomers;
}

/** Work that changes nothing but servers. */
const POOL = new Set<Work['action']>(['drain', 'undrain', 'add', 'remove']);

/**
 * Asks all nodes what they serve, and chooses what they are to serve.
 * @throws UserError where more of them cannot take part than may.
 */
export async function look({ options, env }: Invocation, work: Work, world: World): Promise<Sight> {
  const { provider, place, loaded } = world;
  const nodes = await provider.nodes(place, env, work.action === 'up');
  if (nodes.length === 0)
    throw new UserError('failed', 'no-node', 'there is no node to work on', {
      hint: 'lbctl up makes what lb.yaml says',
    });
  const limits = limitsOf(readPolicy(options), nodes.length);
  const surveyed = await survey(nodes);
  refuseUnreachable(surveyed, limits.maxErrors);
  const able = surveyed.filter(({ state }) => state !== null);
  const choice = await work.choose(world, able);
  const message = messageIn(options) ?? choice.message ?? '';
  const about = { author: author(env), message, source: loaded.file };
  const begin = work.action === 'up';
  const activation = { action: work.action, about, ...readWaits(options), begin };
  const isLive = loaded.balancer.nginx.plus && POOL.has(work.action);
  const chosen = isLive ? await withLive(able, choice.releases) : choice.releases;
  const releases = new Map(chosen.map((release, index) => [able[index]!, release]));
  const targets = targetsOf(surveyed, (asked) => {
    const { drained, ...release } = releases.get(asked)!;
    const state = asked.state!;
    // what nobody uses yet need not be watched unless somebody asks for it
    const isFirst = state.master === null && options['watch'] === undefined;
    const watch = isFirst ? 0 : activation.watch;
    return { ...release, activation: { ...activation, watch, drained, seen: state.drained } };
  });
  refuseUnreachable(targets, limits.maxErrors);
  const ids = [...new Set([...releases.values()].map(({ id }) => id))];
  const newcomers = await newcomersOf(world, chosen);
  const [only] = chosen;
  const wanted = only && { ...only, activation: { ...activation, drained: only.drained } };
  return { able, targets, choice, ids, limits, wanted, newcomers };
}

/** What a plan does not show. */
export function remarksOn({ targets, choice }: Pick<Sight, 'targets' | 'choice'>): string[] {
  const out = targets.flatMap(({ trouble }) => (trouble ? [`left out: ${trouble.message}`] : []));
  return [...out, ...(choice.remarks ?? [])];
}

/** Whether somebody may notice, or has to pay; what is only created serves nobody yet. */
function movesTraffic({ steps }: Plan, targets: readonly Target[]): boolean {
  const isRunning = targets.some(({ state, wanted }) => wanted !== undefined && state?.master !== null);
  return isRunning || steps.some(({ action, monthly }) => action !== 'create' || monthly !== undefined);
}

/** Takes what comes before the releases, and looks again at what that has left. */
async function goAhead(first: Sight, again: () => Promise<Sight>, io: Io): Promise<Sight> {
  const { ahead } = first.choice;
  await ahead?.check();
  if (!ahead || ahead.steps.length === 0) return first;
  for (const { node, wanted } of first.targets) if (wanted && !node.coming) await rehearse(node, wanted, io);
  await ahead.take(io);
  return again();
}

/** Has a node check a release before something is stopped for it. */
async function rehearse(
  node: Node,
  {
    id,
    files,
    activation,
  }: { readonly id: string; readonly files: Wanted['files']; readonly activation: Activation },
  io: Io,
): Promise<void> {
  const { name } = node.transport;
  io.notify({ kind: 'start', text: `${name}: NGINX checks release ${id}` });
  await push(node, id, files);
  await check(node, id, activation);
  io.notify({ kind: 'done', text: `${name}: NGINX takes release ${id}` });
}

type Settings = Pick<Parameters<typeof rollOut>[1], 'limits' | 'pause'>;

/** Rolls out before the eyes of whoever looks on, who may interrupt it. */
async function shown(
  terminal: Terminal,
  io: Io,
  targets: readonly Target[],
  settings: Settings,
): Promise<RolledOut> {
  const names = targets.map(({ node }) => node.transport.name);
  const watcher = showRollout(terminal, io, names);
  const text = 'stopping once nodes in work are done; Ctrl-C again leaves them to it';
  const tell = (): void => watcher.note({ kind: 'warn', text });
  try {
    return await interruptible(tell, (signal) => rollOut(targets, { ...settings, watcher, signal }));
  } finally {
    watcher.end();
  }
}

/** Nodes that do not serve what they served before, or may not. */
const CHANGED = new Set<NodeReport['outcome']>(['kept', 'not-rolled-back', 'stuck', 'lost']);

/** What there is to report where nothing is to be done. */
function idle(targets: readonly Target[], settings: Settings): Promise<RolledOut> {
  const none = (): void => undefined;
  const watcher = { brings: none, progress: none, settled: none, note: none };
  return rollOut(targets, { ...settings, watcher, signal: new AbortController().signal });
}

function failureOf(nodes: readonly NodeReport[], ids: readonly string[], done: Document): UserError {
  const [only, ...others] = nodes;
  if (others.length === 0 && only?.error) {
    const { kind, code, message, hint, evidence, cause } = only.error;
    return new UserError(kind, code, message, { hint, evidence, cause, done });
  }
  const count = (...outcomes: readonly NodeReport['outcome'][]): number =>
    nodes.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const failed = count('undone', 'refused', 'stuck', 'lost', 'unreachable');
  const [back, left, waiting] = [count('rolled-back'), count('not-rolled-back'), count('not-begun')];
  const parts = [
    `${ids.length === 1 ? `release ${ids[0]}` : 'the roll-out'} failed on ${failed} of ${nodes.length} nodes`,
    ...(back > 0 ? [`${back} went back to what served before`] : []),
    ...(left > 0 ? [`${left} could not go back`] : []),
    ...(waiting > 0 ? [`${waiting} ${waiting === 1 ? 'was' : 'were'} not begun`] : []),
  ];
  return new UserError('failed', 'rollout-failed', parts.join('; '), {
    hint: 'mend what is told of the nodes above, and run the command again',
    done,
  });
}

/** How an interrupted run left the nodes, and what goes on or back from there. */
function interruptedAt(
  nodes: readonly NodeReport[],
  ids: readonly string[],
  { again, back }: Pick<Choice, 'again' | 'back'>,
): string {
  const serving = nodes.filter(({ outcome }) => outcome === 'kept' || outcome === 'current').length;
  const waiting = nodes.filter(({ outcome }) => outcome === 'not-begun').length;
  const release = ids.length === 1 ? ids[0] : 'what it should';
  if (nodes.length === 1) return `stopped; ${nodes[0]!.node} serves ${nodes[0]!.after ?? release}`;
  const head = `stopped; ${serving} of ${nodes.length} nodes serve ${release}, ${waiting} not begun`;
  const isChanged = nodes.some(({ outcome }) => outcome === 'kept');
  // one command goes back only where all nodes served the same
  const [before, ...more] = new Set(nodes.map((node) => node.before));
  const takesBack = back ?? (before && more.length === 0 ? `lbctl rollback ${before}` : undefined);
  return [
    head,
    ...(again === undefined || waiting === 0 ? [] : [`${again} goes on from here`]),
    ...(isChanged && takesBack !== undefined ? [`${takesBack} takes it back`] : []),
  ].join('\n');
}
