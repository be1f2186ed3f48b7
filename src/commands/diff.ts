import { newLists } from '../lib/aws/lightsail/lists.ts';
import { UserError } from '../lib/errors.ts';
import { unifiedDiff } from '../lib/plan/diff.ts';
import { drainedOn, withDrained } from '../lib/pool/drained.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { alike } from '../lib/release/alike.ts';
import type { ReleaseFile } from '../lib/release/build.ts';
import { contentsOf, fetchRelease } from '../lib/release/fetch.ts';
import { type NodeState, observeNode } from '../lib/release/history.ts';
import { releaseNamed } from '../lib/release/list.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { paintDiff } from '../lib/ui/diff.ts';
import type { Invocation, Outcome } from './command.ts';
import { withServers } from './found.ts';

/**
 * `--json`: `{schemaVersion, name, from, to, diff, nodes: [{node, diff}]}`; contents that are secret are only said to
 * differ, and the diff of a node that does not have the releases is null.
 */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, args, env } = invocation;
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const lists = newLists();
  const place = provider.locate(loaded, lists);
  invocation.atEnd(() => provider.close(place));
  const nodes = await provider.nodes(place, env);
  const states = await Promise.all(nodes.map(observeNode));
  const [first] = states;
  if (!first) throw new UserError('failed', 'no-node', 'there is no node to ask');
  const all = { ...first, releases: [...new Set(states.flatMap(({ releases }) => releases))] };
  const from = args.length === 0 ? currentOf(states) : releaseNamed(args[0], all);
  const describe = async () => {
    const marked = withDrained(
      await withServers(loaded, lists),
      drainedOn(states.map((state) => ({ state }))),
    );
    return provider.bundle(await provider.desire(place, marked, env));
  };
  const described = args[1] === undefined ? await describe() : undefined;
  const to = described?.id ?? releaseNamed(args[1], all);
  const diffs = await Promise.all(
    nodes.map(async (node, index) => {
      const there = new Set(states[index]!.releases);
      const files = async (id: string): Promise<readonly ReleaseFile[] | undefined> =>
        there.has(id) ? fetchRelease(node, id) : undefined;
      const [before, after] = await Promise.all([files(from), described?.files ?? files(to)]);
      const diff = before && after ? unifiedDiff(contentsOf(before), contentsOf(after)) : null;
      return { node: node.transport.name, diff };
    }),
  );
  const kinds = alike(diffs, ({ diff }) => JSON.stringify(diff));
  // one that is spread over nodes is on none as a whole
  const text = diffs.find(({ diff }) => diff !== null)?.diff ?? null;
  if (text === null)
    throw new UserError('failed', 'releases-apart', `no node has both ${from} and ${to}`, {
      hint: 'lbctl releases tells which node has which',
    });
  if (terminal.json) {
    terminal.printJson({ name: loaded.balancer.name, from, to, diff: text, nodes: diffs });
    return 0;
  }
  for (const same of kinds) {
    const [{ diff }] = same;
    const names = same.map(({ node }) => node).join(', ');
    if (kinds.length > 1) terminal.note(terminal.noteStyle.bold(names));
    if (diff === null) terminal.note(`does not have ${described ? from : `${from} or ${to}`}`);
    else if (diff === '') terminal.note(`${from} and ${to} are the same`);
    else terminal.printDocument(paintDiff(diff, terminal.style).trimEnd());
  }
  return 0;
}

/**
 * The release that all nodes serve.
 * @throws UserError `usage` where there is none, or several.
 */
function currentOf(states: readonly NodeState[]): string {
  const [one, ...others] = new Set(states.flatMap(({ current }) => current ?? []));
  if (one === undefined)
    throw new UserError(
      'usage',
      'nothing-served',
      'there is no release yet that lb.yaml could be compared with',
      {
        hint: 'lbctl plan shows what lbctl up would bring, lbctl generate every line of it',
      },
    );
  if (others.length > 0)
    throw new UserError(
      'usage',
      'nodes-differ',
      `nodes have different releases: ${[one, ...others].join(', ')}`,
      {
        hint: `name the one to compare with: lbctl diff ${one}`,
      },
    );
  return one;
}
