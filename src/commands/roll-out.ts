import { Aborted, UserError } from '../lib/errors.ts';
import type { Io } from '../lib/io.ts';
import type { Plan, Step } from '../lib/plan/step.ts';
import { type AnyProvider, providerOf } from '../lib/providers/registry.ts';
import { type Activation, check, push } from '../lib/release/activate.ts';
import { author } from '../lib/release/author.ts';
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
import { interruptible } from '../lib/ui/interruption.ts';
import { changeDocument, renderPlan } from '../lib/ui/plan.ts';
import { withProgress } from '../lib/ui/progress.ts';
import type { Invocation, Outcome } from './command.ts';

/** Which release each node is to serve, once it is known what they serve. */
export type Choice = (surveyed: readonly Surveyed[]) => Promise<readonly Release[]>;

type Release = Omit<Wanted, 'activation'>;

/** What a provider does before releases come. */
interface Ahead {
  readonly steps: readonly Step[];
  /** Throws where what is planned cannot be done. */
  check(): Promise<void>;
  /** Takes the steps. */
  take(io: Io): Promise<void>;
}

interface Work {
  readonly action: 'deploy' | 'rollback' | 'up';
  readonly question: string;
  /** Finds out what is wanted, as far as that can be told before nodes are asked. */
  prepare(provider: AnyProvider, place: unknown, loaded: Loaded): Promise<Choice>;
  ahead?(provider: AnyProvider, place: unknown): Promise<Ahead>;
}

interface Sight {
  readonly action: Work['action'];
  readonly provider: AnyProvider;
  readonly place: unknown;
  readonly loaded: Loaded;
  readonly choose: Choice;
}

/**
 * What `deploy`, `rollback` and `up` have in common. `--json`: `{schemaVersion, name, provider, changed, steps, summary,
 * release, nodes: [{node, outcome, before, after, evidence}]}`; `release` is null where nodes go to different ones.
 */
export async function rollOutFrom(
  invocation: Invocation,
  { action, question, prepare, ahead: first }: Work,
): Promise<Outcome> {
  const { terminal, options } = invocation;
  const { pause } = readPolicy(options);
  readWaits(options);
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  const choose = await prepare(provider, place, loaded);
  const sight: Sight = { action, provider, place, loaded, choose };

  const { plan, ids, rolledOut, ahead } = await provider.exclusively(place, async () => {
    const ahead = await first?.(provider, place);
    let seen = await look(invocation, sight);
    const { ids } = seen;
    const plan: Plan = {
      balancer: loaded.balancer.name,
      provider: provider.name,
      steps: [...(ahead?.steps ?? []), ...(await planActivations(seen.targets))],
    };
    terminal.note(renderPlan(plan, terminal.noteStyle));
    for (const line of remarks(seen.targets, ids)) terminal.note(`${terminal.noteStyle.yellow('!')} ${line}`);
    if (plan.steps.length === 0)
      return { plan, ids, ahead, rolledOut: await idle(seen.targets, { limits: seen.limits, pause }) };
    const rolledOut = await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      const asks = action !== 'up' || movesTraffic(plan, seen.targets);
      if (asks && !(await io.confirm(question))) throw new Aborted('nothing was changed');
      await ahead?.check();
      if (ahead && ahead.steps.length > 0) {
        await rehearse(seen, io);
        await ahead.take(io);
        seen = await look(invocation, sight);
      }
      const { targets, limits } = seen;
      const watcher = showRollout(
        terminal,
        io,
        targets.map(({ node }) => node.transport.name),
      );
      const tell = (): void =>
        watcher.note({
          kind: 'warn',
          text: 'stopping once nodes in work are done; Ctrl-C again leaves them to it',
        });
      try {
        return await interruptible(tell, (signal) => rollOut(targets, { limits, pause, watcher, signal }));
      } finally {
        watcher.end();
      }
    });
    return { plan, ids, ahead, rolledOut };
  });

  const { verdict, nodes } = rolledOut;
  const document = {
    ...changeDocument(plan),
    changed: (ahead?.steps.length ?? 0) > 0 || nodes.some(({ outcome }) => CHANGED.has(outcome)),
    release: ids.length === 1 ? ids[0] : null,
    nodes: nodes.map(reportDocument),
  };
  if (plan.steps.length > 0 && nodes.length > 1) terminal.note(renderReports(nodes, terminal.noteStyle));
  if (verdict === 'failed') throw failureOf(nodes, ids, document);
  if (action === 'rollback' && plan.steps.length > 0)
    terminal.note('lb.yaml is as it was: the next deploy brings what it describes');
  if (terminal.json) terminal.printJson(document);
  if (verdict === 'interrupted') throw new Aborted(interruptedAt(nodes, ids, action));
  return 0;
}

interface Seen {
  readonly targets: readonly Target[];
  /** What each node that can take part is to serve. */
  readonly releases: ReadonlyMap<Surveyed, Release>;
  readonly ids: readonly string[];
  readonly limits: ReturnType<typeof limitsOf>;
  readonly activation: Activation;
}

/**
 * Asks all nodes what they serve, and chooses what they are to serve.
 * @throws UserError where more of them cannot take part than may.
 */
export async function look(
  { options, env }: Invocation,
  { action, provider, place, loaded, choose }: Sight,
): Promise<Seen> {
  const message = typeof options['message'] === 'string' ? options['message'] : '';
  const about = { author: author(env), message, source: loaded.file };
  const activation: Activation = { action, about, ...readWaits(options), begin: action === 'up' };
  const nodes = await provider.nodes(place, env);
  if (nodes.length === 0) throw new UserError('failed', 'no-node', 'there is no node to work on');
  const limits = limitsOf(readPolicy(options), nodes.length);
  const surveyed = await survey(nodes);
  refuseUnreachable(surveyed, limits.maxErrors);
  const able = surveyed.filter(({ state }) => state !== null);
  const releases = new Map((await choose(able)).map((release, index) => [able[index]!, release]));
  const targets = targetsOf(surveyed, (asked) => {
    // what nobody uses yet need not be watched unless somebody asks for it
    const isFirst = asked.state?.master === null && options['watch'] === undefined;
    return { ...releases.get(asked)!, activation: isFirst ? { ...activation, watch: 0 } : activation };
  });
  refuseUnreachable(targets, limits.maxErrors);
  const ids = [...new Set([...releases.values()].map(({ id }) => id))];
  return { targets, releases, ids, limits, activation };
}

/** Whether somebody may notice; what is only created serves nobody yet. */
function movesTraffic({ steps }: Plan, targets: readonly Target[]): boolean {
  const isRunning = targets.some(({ state, wanted }) => wanted !== undefined && state?.master !== null);
  return isRunning || steps.some(({ action }) => action !== 'create');
}

/** Has nodes check their releases before something is stopped for them. */
async function rehearse({ releases, activation }: Seen, io: Io): Promise<void> {
  for (const [{ node }, { id, files }] of releases) {
    io.notify({ kind: 'start', text: `${node.transport.name}: NGINX checks release ${id}` });
    await push(node, id, files);
    await check(node, id, activation);
    io.notify({ kind: 'done', text: `${node.transport.name}: NGINX takes release ${id}` });
  }
}

/** Nodes that do not serve what they served before, or may not. */
const CHANGED = new Set<NodeReport['outcome']>(['kept', 'not-rolled-back', 'stuck', 'lost']);

/** What there is to report where nothing is to be done. */
function idle(targets: readonly Target[], settings: Pick<Parameters<typeof rollOut>[1], 'limits' | 'pause'>) {
  const none = (): void => undefined;
  const watcher = { brings: none, progress: none, settled: none, note: none };
  return rollOut(targets, { ...settings, watcher, signal: new AbortController().signal });
}

/** What the plan does not show. */
export function remarks(targets: readonly Target[], ids: readonly string[]): string[] {
  const out = targets.flatMap(({ trouble }) => (trouble ? [`left out: ${trouble.message}`] : []));
  return ids.length > 1 ? [...out, 'nodes go to different releases; name one to have all serve it'] : out;
}

function failureOf(
  nodes: readonly NodeReport[],
  ids: readonly string[],
  done: Readonly<Record<string, unknown>>,
): UserError {
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
function interruptedAt(nodes: readonly NodeReport[], ids: readonly string[], action: Work['action']): string {
  const serving = nodes.filter(({ outcome }) => outcome === 'kept' || outcome === 'current').length;
  const waiting = nodes.filter(({ outcome }) => outcome === 'not-begun').length;
  const release = ids.length === 1 ? ids[0] : 'what it should';
  if (nodes.length === 1) return `stopped; ${nodes[0]!.node} serves ${nodes[0]!.after ?? release}`;
  const head = `stopped; ${serving} of ${nodes.length} nodes serve ${release}, ${waiting} not begun`;
  const goesOn =
    action !== 'rollback' ? `lbctl ${action}` : ids.length === 1 ? `lbctl rollback ${ids[0]}` : undefined;
  const isChanged = nodes.some(({ outcome }) => outcome === 'kept');
  // one command goes back only where all nodes served the same
  const [before, ...more] = new Set(nodes.map((node) => node.before));
  return [
    head,
    ...(goesOn === undefined || waiting === 0 ? [] : [`${goesOn} goes on from here`]),
    ...(isChanged && before && more.length === 0 ? [`lbctl rollback ${before} takes it back`] : []),
  ].join('\n');
}
