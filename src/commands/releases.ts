import { providerOf } from '../lib/providers/registry.ts';
import { alike } from '../lib/release/alike.ts';
import { observeNode } from '../lib/release/history.ts';
import { type Listed, listReleases } from '../lib/release/list.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { renderReleases } from '../lib/ui/releases.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, name, provider, nodes: [{node, current, releases: [{id, current, time, author, …}]}]}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, env } = invocation;
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  const nodes = await provider.nodes(place, env);
  const states = await Promise.all(
    nodes.map(async (node) => {
      const state = await observeNode(node);
      return { node: node.transport.name, current: state.current, releases: listReleases(state) };
    }),
  );
  if (terminal.json) {
    terminal.printJson({
      name: loaded.balancer.name,
      provider: provider.name,
      nodes: states.map((state) => ({ ...state, releases: state.releases.map(document) })),
    });
  } else {
    const kinds = alike(states, ({ current, releases }) =>
      [current, ...releases.map(({ id }) => id).toSorted()].join(' '),
    );
    for (const same of kinds) {
      const names = same.map(({ node }) => node).join(', ');
      terminal.print(renderReleases(names, same[0].releases, terminal.style));
    }
  }
  return 0;
}

function document({ id, current, last }: Listed): Record<string, unknown> {
  return {
    id,
    current,
    time: last?.time ?? null,
    action: last?.action ?? null,
    outcome: last?.outcome ?? null,
    author: last?.about.author ?? null,
    message: last?.about.message ?? null,
    source: last?.about.source ?? null,
  };
}
