import { UserError } from '../../lib/errors.ts';
import type { Io } from '../../lib/io.ts';
import type { Newcomers } from '../../lib/providers/provider.ts';
import type { AnyProvider } from '../../lib/providers/registry.ts';
import { survey } from '../../lib/release/rollout/survey.ts';
import { type Target, targetsOf, type Wanted } from '../../lib/release/rollout/target.ts';
import type { RolledOut } from './work.ts';

/** Where nodes are asked for. */
interface Home {
  readonly provider: AnyProvider;
  readonly place: unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Times that nodes are looked for that came while others were worked on. */
const ROUNDS = 3;

/** What has nodes that come by themselves serve what all others do; nothing where these differ. */
export async function newcomersOf(
  { provider, place }: Pick<Home, 'provider' | 'place'>,
  releases: readonly (Pick<Wanted, 'id' | 'files'> & { readonly drained?: readonly string[] })[],
): Promise<Newcomers> {
  const [first, ...others] = releases;
  const isOne = first !== undefined && others.every(({ id }) => id === first.id);
  const found = isOne ? await provider.newcomers?.(place, first) : undefined;
  return found ?? { steps: [], take: async () => undefined };
}

/**
 * Has nodes that come by themselves serve what all serve now, and brings it to those that have come meanwhile with the
 * release of before.
 * @param wanted what all serve.
 * @param bring rolls it out to some.
 * @throws UserError where nodes that come cannot be led there, though all others serve it.
 */
export async function leadNewcomers(
  { provider, place, env }: Home,
  { newcomers, wanted }: { readonly newcomers: Newcomers; readonly wanted: Wanted | undefined },
  rolledOut: RolledOut,
  bring: (late: readonly Target[]) => Promise<RolledOut>,
  io: Io,
): Promise<RolledOut> {
  if (rolledOut.verdict !== 'done' || newcomers.steps.length === 0 || !wanted) return rolledOut;
  await newcomers.take(io).catch((error: unknown) => {
    throw unled(error, wanted.id);
  });
  const nodes = [...rolledOut.nodes];
  let verdict: RolledOut['verdict'] = rolledOut.verdict;
  for (let round = 0; round < ROUNDS && verdict === 'done'; round++) {
    const known = new Set(nodes.map(({ node }) => node));
    const came = (await provider.nodes(place, env)).filter(({ transport }) => !known.has(transport.name));
    const late = targetsOf(await survey(came), () => ({ ...wanted, isThere: false, live: undefined }));
    if (!late.some((target) => target.wanted)) break;
    const brought = await bring(late);
    nodes.push(...brought.nodes);
    verdict = brought.verdict;
  }
  return { verdict, nodes };
}

function unled(error: unknown, id: string): unknown {
  if (!(error instanceof UserError)) return error;
  const { kind, code, message, hint, evidence, cause } = error;
  const text = `all nodes serve release ${id}, but those that come would not: ${message}`;
  return new UserError(kind, code, text, { hint, cause, evidence });
}
