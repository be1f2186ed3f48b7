import { Aborted, UserError } from '../lib/errors.ts';
import type { Plan } from '../lib/plan/step.ts';
import { type AnyProvider, providerOf } from '../lib/providers/registry.ts';
import type { Activation } from '../lib/release/activate.ts';
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
type Choice = (surveyed: readonly Surveyed[]) => Promise<readonly Release[]>;

type Release = Omit<Wanted, 'activation'>;

interface Work {
  readonly action: 'deploy' | 'rollback';
  readonly question: string;
  /** Finds out what is wanted, as far as that can be told before nodes are asked. */
  prepare(provider: AnyProvider, place: unknown, loaded: Loaded): Promise<Choice>;
}

/**
 * What `deploy` and `rollback` have in common. `--json`: `{schemaVersion, name, provider, changed, steps, summary,
 * release, nodes: [{node, outcome, before, after, evidence}]}`; `release` is null where nodes go to different ones.
 */
export async function rollOutFrom(
  invocation: Invocation,
  { action, question, prepare }: Work,
): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const waits = readWaits(options);
  const policy = readPolicy(options);
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  const choose = await prepare(provider, place, loaded);
  const message = typeof options['message'] === 'string' ? options['message'] : '';
  const about = { author: author(env), message, source: loaded.file };
  const activation: Activation = { action, about, ...waits };

  const { plan, ids, rolledOut } = await provider.exclusively(place, async () => {
    const nodes = await provider.nodes(place, env);
    if (nodes.length === 0) throw new UserError('failed', 'no-node', 'there is no node to work on');
    const limits = limitsOf(policy, nodes.length);
    const surveyed = await survey(nodes);
    refuseUnreachable(surveyed, limits.maxErrors);
    const able = surveyed.filter(({ state }) => state !== null);
    const releases = new Map((await choose(able)).map((release, index) => [able[index]!, release]));
    const targets = targetsOf(surveyed, (asked) => ({ ...releases.get(asked)!, activation }));
    refuseUnreachable(targets, limits.maxErrors);
    const ids = [...new Set([...releases.values()].map(({ id }) => id))];
    const plan: Plan = {
      balancer: loaded.balancer.name,
      provider: provider.name,
      steps: await planActivations(targets),
    };
    terminal.note(renderPlan(plan, terminal.noteStyle));
    for (const line of remarks(targets, ids)) terminal.note(`${terminal.noteStyle.yellow('!')} ${line}`);
    const settings = { limits, pause: policy.pause };
    if (plan.steps.length === 0) return { plan, ids, rolledOut: await idle(targets, settings) };
    const rolledOut = await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm(question))) throw new Aborted('nothing was changed');
      const watcher = showRollout(
        terminal,
        io,
        nodes.map(({ transport }) => transport.name),
      );
      const tell = (): void =>
        watcher.note({
          kind: 'warn',
          text: 'stopping once nodes in work are done; Ctrl-C again leaves them to it',
        });
      try {
        return await interruptible(tell, (signal) => rollOut(targets, { ...settings, watcher, signal }));
      } finally {
        watcher.end();
      }
    });
    return { plan, ids, rolledOut };
  });

  const { verdict, nodes } = rolledOut;
  const document = {
    ...changeDocument(plan),
    changed: nodes.some(({ outcome }) => CHANGED.has(outcome)),
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

/** Nodes that do not serve what they served before, or may not. */
const CHANGED = new Set<NodeReport['outcome']>(['kept', 'not-rolled-back', 'stuck', 'lost']);

/** What there is to report where nothing is to be done. */
function idle(targets: readonly Target[], settings: Pick<Parameters<typeof rollOut>[1], 'limits' | 'pause'>) {
  const none = (): void => undefined;
  const watcher = { brings: none, progress: none, settled: none, note: none };
  return rollOut(targets, { ...settings, watcher, signal: new AbortController().signal });
}

/** What the plan does not show. */
function remarks(targets: readonly Target[], ids: readonly string[]): string[] {
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
    action === 'deploy' ? 'lbctl deploy' : ids.length === 1 ? `lbctl rollback ${ids[0]}` : undefined;
  const isChanged = nodes.some(({ outcome }) => outcome === 'kept');
  // one command goes back only where all nodes served the same
  const [before, ...more] = new Set(nodes.map((node) => node.before));
  return [
    head,
    ...(goesOn === undefined || waiting === 0 ? [] : [`${goesOn} goes on from here`]),
    ...(isChanged && before && more.length === 0 ? [`lbctl rollback ${before} takes it back`] : []),
  ].join('\n');
}
