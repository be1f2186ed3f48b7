import { type Lists, newLists } from '../../lib/aws/lightsail/lists.ts';
import { UserError } from '../../lib/errors.ts';
import { unifiedDiff } from '../../lib/plan/diff.ts';
import { withFile } from '../../lib/pool/change.ts';
import { drainedOn, type PoolServer, withDrained, wordOf } from '../../lib/pool/drained.ts';
import { upstreamNamed } from '../../lib/pool/names.ts';
import { connectionsTo, inWords } from '../../lib/pool/wait.ts';
import { alike } from '../../lib/release/alike.ts';
import type { Surveyed } from '../../lib/release/rollout/survey.ts';
import { loadBalancer, type Loaded, withText } from '../../lib/source/load.ts';
import { paintDiff } from '../../lib/ui/diff.ts';
import type { Invocation, Outcome } from '../command.ts';
import { withServers } from '../found.ts';
import { foundRemarks } from '../roll-out/fewer.ts';
import { rollOutFrom } from '../roll-out/roll-out.ts';

interface Change {
  readonly action: 'add' | 'remove';
  readonly loaded: Loaded;
  /** Of instances, in which its servers were found. */
  readonly lists: Lists;
  /** lb.yaml as it is to be. */
  readonly text: string;
  readonly server: PoolServer;
  /** What is to be known of how it was named. */
  readonly remark?: string | undefined;
}

/**
 * Shows what a change of lb.yaml does, asks, writes the file and deploys it; where that fails, the file is as it was.
 * `--json`: see `rollOutFrom`; and `server: {upstream, address}`.
 */
export async function change(
  invocation: Invocation,
  { action, loaded, lists, text, server, remark }: Change,
): Promise<Outcome> {
  const { terminal, env } = invocation;
  const next = await withText(loaded, text);
  const { address, upstream } = server;
  return rollOutFrom(invocation, {
    action,
    loaded,
    lists,
    async choose({ provider, place }, surveyed) {
      // one that is new has nothing to do with another of its name that was drained once
      const words = drainedOn(surveyed).filter((word) => action === 'remove' || word !== wordOf(server));
      const marked = withDrained(next, words);
      const found = await foundRemarks(invocation, next, surveyed);
      const bundle = async (from: Loaded) => provider.bundle(await provider.desire(place, from, env));
      const { warnings, ...release } = await bundle(marked);
      const idWith = async (words: readonly string[]): Promise<string | null> => {
        try {
          return (await bundle(withDrained(loaded, words))).id;
        } catch (error) {
          // where nobody would be left no node can serve it
          if (error instanceof UserError && error.code === 'all-drained') return null;
          throw error;
        }
      };
      const others = `${loaded.file} has other changes, not deployed yet: they come along`;
      return {
        releases: surveyed.map(() => ({ ...release, isThere: false, drained: marked.drained })),
        question: action === 'add' ? `Add ${address} to ${upstream}?` : `Remove ${address} from ${upstream}?`,
        message: `${address} of ${upstream}`,
        head: `${paintDiff(differenceOf(loaded, text), terminal.noteStyle).trimEnd()}\n`,
        remarks: [
          ...(remark === undefined ? [] : [remark]),
          ...(found.remarks ?? []),
          ...warnings,
          ...((await isBehind(surveyed, idWith)) ? [others] : []),
          ...(action === 'remove' ? await openRemark(surveyed, address) : await downRemark()),
        ],
        refusal: found.refusal,
        again: 'lbctl deploy',
        back: action === 'add' ? `lbctl pool remove ${upstream} ${address}` : undefined,
        around: (work, io) =>
          withFile(loaded, text, io, work, ({ verdict, nodes }) => {
            const isServed = nodes.some(({ outcome }) => outcome === 'kept' || outcome === 'current');
            return verdict === 'done' || (verdict === 'interrupted' && isServed);
          }),
        finish: async (_, document) => ({ ...document, changed: true, server }),
      };

      async function downRemark(): Promise<string[]> {
        const { upstreams } = await provider.status(place, next, env);
        const { servers = [] } = upstreams.find(({ name }) => name === upstream) ?? {};
        const added = servers.find((other) => other.address === address);
        return added?.state === 'down' ? [`${address} ${added.detail}`] : [];
      }
    },
  });
}

/**
 * The upstream that is meant by the first word, in lb.yaml as it is.
 * @throws UserError `usage` where its servers are found: there is no list of them to edit.
 */
export async function upstreamIn(
  invocation: Invocation,
): Promise<Pick<Change, 'loaded' | 'lists'> & { readonly upstream: string }> {
  const read = await loadBalancer(invocation);
  const upstream = upstreamNamed(read.balancer, invocation.args[0]!);
  refuseDiscovered(read, upstream);
  const lists = newLists();
  return { upstream, loaded: await withServers(read, lists), lists };
}

function refuseDiscovered({ balancer, source, file }: Loaded, upstream: string): void {
  if (!balancer.upstreams[upstream]!.discover) return;
  const message = `upstream ${upstream} finds its servers: ${file} has no list of them to edit`;
  throw new UserError('usage', 'discovered', message, {
    span: source.spanOf(['upstreams', upstream, 'discover'], 'key'),
    hint: 'name or tag machines so that they are found, or not any more, then run lbctl deploy; lbctl pool drain takes one out for now',
  });
}

function differenceOf({ file, source }: Loaded, text: string): string {
  const content = (from: string) => [{ path: file, content: Buffer.from(from), secret: false }];
  return unifiedDiff(content(source.text), content(text));
}

/** Whether a node serves something else than lb.yaml as it is, with what is drained there. */
async function isBehind(
  surveyed: readonly Surveyed[],
  idWith: (drained: readonly string[]) => Promise<string | null>,
): Promise<boolean> {
  const serving = surveyed.flatMap(({ state }) => (state && state.current !== null ? [state] : []));
  for (const same of alike(serving, ({ drained }) => drained.toSorted().join(' '))) {
    const id = await idWith(same[0].drained);
    if (same.some(({ current }) => current !== id)) return true;
  }
  return false;
}

async function openRemark(surveyed: readonly Surveyed[], address: string): Promise<string[]> {
  const nodes = surveyed.map(({ node }) => node);
  const open = await connectionsTo(nodes, address).catch((error: unknown) => {
    // one that has lost its address is removed all the same
    if (error instanceof UserError && error.code === 'no-address') return 0;
    throw error;
  });
  if (open === 0) return [];
  return [
    `${inWords(open)} to ${address} ${open === 1 ? 'is' : 'are'} open: lbctl pool drain ${address} waits until they have ended`,
  ];
}
