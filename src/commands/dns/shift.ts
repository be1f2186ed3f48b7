import type { Route53 } from '../../lib/aws/route53.ts';
import { refuseForeign } from '../../lib/dns/change/foreign.ts';
import { stepOf } from '../../lib/dns/change/lines.ts';
import { readOwnership } from '../../lib/dns/change/ownership.ts';
import { canonical } from '../../lib/dns/names.ts';
import { policyOf, type RecordSet, shown, titleOf } from '../../lib/dns/record.ts';
import { makeChanges } from '../../lib/dns/route53/apply.ts';
import { findZone, recordsOf } from '../../lib/dns/route53/observe.ts';
import { watchHealth } from '../../lib/dns/route53/watch.ts';
import { save } from '../../lib/dns/saved.ts';
import { movesTo, readWeights, weighing, type Weights, weightsOf } from '../../lib/dns/shift.ts';
import { Aborted, UserError } from '../../lib/errors.ts';
import type { Io } from '../../lib/io.ts';
import { secondsOf } from '../../lib/release/settings.ts';
import { renderPlan, stepsDocument } from '../../lib/ui/plan.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import { visible } from '../../lib/ui/visible.ts';
import type { Invocation, Outcome } from '../command.ts';
import { type FileWeights, fileWeights } from './file-weights.ts';
import { zoneMeant } from './wanted.ts';
import { route53For } from './world.ts';

/** Seconds between two moves where nothing else is said: what resolvers keep by default. */
const EVERY = 60;

/** `--json`: `{schemaVersion, zone, changed, steps, summary, weights, file}`; `file` is whether lb.yaml was edited. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, args, env } = invocation;
  const to = readWeights(args);
  const step = stepIn(options['step']);
  const every = secondsOf('--every', options['every'], EVERY);
  const meant = await zoneMeant(invocation);
  const api = await route53For(invocation);
  const zone = await findZone(api, meant.zone, meant.isPrivate);
  const all = await recordsOf(api, zone);
  const sets = weightedSets(
    all,
    to,
    typeof options['name'] === 'string' ? canonical(options['name']) : undefined,
  );
  const { ownerOf } = readOwnership(all);
  const owner = ownerOf(sets[0]);
  if (owner === undefined) refuseForeign([{ owner: undefined, sets }], zone.name);
  const from = weightsOf(sets);
  const moves = movesTo(from, to, step);
  const steps = weighing(sets, to).map(stepOf);
  const title = shown(zone.name);
  terminal.note(renderPlan({ balancer: title, provider: 'Route 53', steps }, terminal.noteStyle));
  const rising = sets.filter(({ SetIdentifier: id = '' }) => (to[id] ?? 0) > (from[id] ?? 0));
  const inFile = await fileWeights(invocation, sets[0], owner);
  const isStale = inFile.differsFrom(to);
  const warn = (text: string): void => terminal.note(`${terminal.noteStyle.yellow('!')} ${visible(text)}`);
  let isEdited = false;
  if (moves.length > 0 || isStale) {
    tellUnwatched(rising, warn);
    if (inFile.remark !== undefined) warn(inFile.remark);
    await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm(questionOf(moves, isStale)))) throw new Aborted('nothing was changed');
      const keep = (changes: Parameters<typeof save>[1]['changes']): void =>
        save(env, { zone, at: new Date().toISOString(), changes, checks: {} });
      try {
        await move({ api, io, zone, every, keep, inFile }, sets, rising, moves);
        await inFile.keep(to);
      } finally {
        isEdited = inFile.tell(io);
      }
    });
  }
  if (terminal.json)
    terminal.printJson({
      zone: title,
      changed: moves.length > 0,
      ...stepsDocument(steps),
      weights: { ...from, ...to },
      file: isEdited,
    });
  return 0;
}

function questionOf({ length }: readonly Weights[], isStale: boolean): string {
  if (length === 0) return 'Write the weights that serve into lb.yaml?';
  const moves = length === 1 ? 'one move' : `${length} moves`;
  return `Move clients in ${moves}${isStale ? ', and write the weights into lb.yaml' : ''}?`;
}

interface Moving {
  readonly api: Route53;
  readonly io: Io;
  readonly zone: Awaited<ReturnType<typeof findZone>>;
  readonly every: number;
  readonly keep: (changes: Parameters<typeof save>[1]['changes']) => void;
  readonly inFile: FileWeights;
}

/** Goes move by move while those that get more are alive, and back to where it began where one is not. */
async function move(
  { api, io, zone, every, keep, inFile }: Moving,
  sets: readonly RecordSet[],
  rising: readonly RecordSet[],
  moves: readonly Weights[],
): Promise<void> {
  let now = sets;
  const bring = async (weights: Weights): Promise<void> => {
    const changes = weighing(now, weights);
    // at once, as whatever ends this later leaves lb.yaml saying what serves
    const taken = (): Promise<void> => inFile.keep(weights);
    await makeChanges({ changes }, { zone, sets: now }, { api, io, save: keep, taken });
    now = now.map(
      (set) => changes.flatMap(({ after }) => after).find((other) => titleOf(other) === titleOf(set)) ?? set,
    );
  };
  for (const [index, weights] of moves.entries()) {
    const text = Object.entries(weights)
      .map(([id, weight]) => `${id} ${weight}`)
      .join(', ');
    io.notify({ kind: 'info', text: `move ${index + 1} of ${moves.length}: ${text}` });
    await bring(weights);
    const isLast = index === moves.length - 1;
    // what has no health check is waited for all the same, so that people can look
    const dead = await watchHealth(api, rising, isLast ? 0 : every);
    if (!dead) continue;
    io.notify({ kind: 'warn', text: `${titleOf(dead)} is dead by its health check; going back` });
    const was = weightsOf(sets);
    await bring(Object.fromEntries(Object.keys(weights).map((id) => [id, was[id]!])));
    throw new UserError(
      'failed',
      'shift-undone',
      `${titleOf(dead)} was dead by its health check after move ${index + 1}; the weights are what they were`,
      {
        hint:
          'see what its checkers say: aws route53 get-health-check-status --health-check-id ' +
          dead.HealthCheckId!,
      },
    );
  }
}

function tellUnwatched(rising: readonly RecordSet[], tell: (text: string) => void): void {
  for (const set of rising)
    if (set.HealthCheckId === undefined)
      tell(`${titleOf(set)} has no health check: nobody watches it while it gets more`);
}

function stepIn(value: string | boolean | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[1-9]\d{0,2}$/u.test(value)) return Number(value);
  throw new UserError('usage', 'bad-step', `--step ${String(value)} is no weight`, {
    hint: 'write it like this: --step 10',
  });
}

/** The weighted sets that are meant. */
function weightedSets(
  all: readonly RecordSet[],
  to: Weights,
  name: string | undefined,
): readonly [RecordSet, ...RecordSet[]] {
  const weighted = all.filter(
    (set) => policyOf(set) === 'weighted' && (name === undefined || set.Name === name),
  );
  const names = [...new Set(weighted.map(({ Name }) => Name))];
  const fitting = names.filter((own) =>
    Object.keys(to).every((id) => weighted.some((set) => set.Name === own && set.SetIdentifier === id)),
  );
  const [only, ...more] = fitting;
  if (only !== undefined && more.length === 0)
    return weighted.filter(({ Name }) => Name === only) as [RecordSet];
  const known = names.map(
    (own) =>
      `${shown(own)}: ${Object.keys(weightsOf(weighted.filter(({ Name }) => Name === own))).join(', ')}`,
  );
  throw new UserError(
    'usage',
    only === undefined ? 'no-such-record' : 'several-records',
    only === undefined
      ? `no weighted record has all of ${Object.keys(to).join(', ')}`
      : `several names have ${Object.keys(to).join(', ')}`,
    {
      evidence: known,
      hint: only === undefined ? 'see what there is: lbctl dns list' : `say which one: --name ${shown(only)}`,
    },
  );
}
