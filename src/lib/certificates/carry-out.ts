import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nodeFailure } from '../release/failure.ts';
import { call } from '../release/node/call.ts';
import type { Node } from '../release/node/place.ts';
import { partsOf, readSaid } from '../release/node/words.ts';
import { each } from '../release/rollout/each.ts';
import { AT_ONCE } from '../release/rollout/survey.ts';
import type { Ran, RunOptions } from '../release/transports/transport.ts';
import { certificateFailure } from './failure.ts';
import { callCertificates } from './node/call.ts';
import { idOf, settingsOf, type Task } from './plan.ts';

interface Work {
  readonly nodes: readonly Node[];
  /** As `user@host`. */
  readonly who: string;
  /** Seconds to wait for somebody else who is at work on a node. */
  readonly wait: number;
}

type TaskOf<Kind extends Task['kind']> = Extract<Task, { readonly kind: Kind }>;

/**
 * Does what is planned. All nodes are ready before one asks, as a challenge may come to any of them. Where the authority
 * gives a certificate to one node not, the others do not ask for the same; they ask for other ones all the same.
 * @throws UserError `failed` with what the authority said; nothing that served before has changed then.
 */
export async function carryOut(
  tasks: readonly Task[],
  { nodes, who, wait }: Work,
  io: Pick<Io, 'notify'>,
): Promise<void> {
  const byName = new Map(nodes.map((node) => [node.transport.name, node]));
  const several = nodes.length > 1;
  const of = <Kind extends Task['kind']>(kind: Kind): { node: Node; task: TaskOf<Kind> }[] =>
    tasks.flatMap((task) => {
      const node = byName.get(task.node);
      return node && task.kind === kind ? [{ node, task: task as TaskOf<Kind> }] : [];
    });
  const tell = (node: Node) => speaker(several ? `${node.transport.name}: ` : '', io);

  await each(of('prepare'), AT_ONCE, async ({ node }) => {
    // what the timer calls is there then
    const ran = await call(node, 'recover', { who, reason: 'certificates', wait: String(wait) });
    if (ran.code !== 0) throw nodeFailure(node, ran);
    await perform(node, 'prepare', { id: idOf(node.transport.name) }, tell(node));
  });
  await each(of('meet'), AT_ONCE, async ({ node, task: { peers } }) => {
    const { stdout } = await perform(node, 'meet', { peers }, tell(node));
    for (const [id] of partsOf(stdout, 'missed')) {
      const missed =
        nodes.find((other) => idOf(other.transport.name) === id)?.transport.name ?? 'another node';
      const text = `${node.transport.name} does not reach ${missed} on port 80: a challenge of ${missed} that comes to ${node.transport.name} fails`;
      io.notify({ kind: 'warn', text });
    }
  });
  const failed = new Map<string, UserError>();
  for (const { node, task } of of('obtain')) {
    const { name } = task.wanted;
    if (failed.has(name)) continue;
    const settings = { name, ...settingsOf(task.wanted) };
    const ran = await run(node, 'obtain', settings, tell(node), task.wanted.credentials?.content());
    if (ran.code !== 0) failed.set(name, certificateFailure(node, ran, task.wanted));
  }
  for (const { node, task } of of('forget')) await perform(node, 'forget', { name: task.name }, tell(node));
  const [first, ...others] = failed.values();
  if (!first) return;
  if (others.length === 0) throw first;
  throw new UserError(
    'failed',
    'certificates-failed',
    `${failed.size} certificates could not be had; NGINX goes on with those that it has`,
    {
      evidence: [...failed.values()].flatMap(({ message, evidence, hint }) => [
        message,
        ...evidence.map((line) => `  ${line}`),
        ...(hint === undefined ? [] : [`  hint: ${hint}`]),
      ]),
      hint: 'mend what is told of them, and run the command again',
    },
  );
}

type Verb = Parameters<typeof callCertificates>[1];

/** @throws UserError where it fails. */
async function perform(
  node: Node,
  verb: Verb,
  settings: Readonly<Record<string, string>>,
  io: Pick<Io, 'notify'>,
): Promise<Ran> {
  const ran = await run(node, verb, settings, io);
  if (ran.code !== 0) throw certificateFailure(node, ran);
  return ran;
}

/** Calls a verb, and tells its steps. */
async function run(
  node: Node,
  verb: Verb,
  settings: Readonly<Record<string, string>>,
  io: Pick<Io, 'notify'>,
  input?: Uint8Array,
): Promise<Ran> {
  let open = '';
  const onLine: RunOptions['onLine'] = (line) => {
    const { word, parts } = readSaid(line);
    if (word === 'note') io.notify({ kind: 'info', text: parts[0] ?? '' });
    if (word !== 'step') return;
    if (open !== '') io.notify({ kind: 'done', text: open });
    open = parts[1] ?? '';
    io.notify({ kind: 'start', text: open });
  };
  const ran = await callCertificates(node, verb, settings, { onLine, input });
  if (open !== '') io.notify({ kind: ran.code === 0 ? 'done' : 'failed', text: open });
  return ran;
}

function speaker(prefix: string, io: Pick<Io, 'notify'>): Pick<Io, 'notify'> {
  return { notify: ({ kind, text }) => io.notify({ kind, text: `${prefix}${text}` }) };
}
