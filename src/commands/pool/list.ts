import { newLists } from '../../lib/aws/lightsail/lists.ts';
import { listPool } from '../../lib/pool/list.ts';
import { upstreamNamed } from '../../lib/pool/names.ts';
import { providerOf } from '../../lib/providers/registry.ts';
import { loadBalancer } from '../../lib/source/load.ts';
import { missing, renderPool } from '../../lib/ui/pool.ts';
import { visible } from '../../lib/ui/visible.ts';
import type { Invocation, Outcome } from '../command.ts';
import { withServersAsFar } from '../found.ts';

/**
 * `--json`: `{schemaVersion, name, provider, upstreams: [{name, discovers, servers: [{address, configured, effective, state,
 * detail, milliseconds, found: {name, source}, connections, nodes: [{node, effective, connections}], failures,
 * lastFailure}]}]}`; `found` is null where lb.yaml names the server.
 */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, args, env } = invocation;
  const lists = newLists();
  const loaded = await withServersAsFar(await loadBalancer(invocation), lists);
  const { balancer } = loaded;
  const only = args[0] === undefined ? undefined : upstreamNamed(balancer, args[0]);
  const provider = await providerOf(balancer);
  const place = provider.locate(loaded, lists);
  invocation.atEnd(() => provider.close(place));
  const status = await provider.status(place, loaded, env);
  const remark = (text: string): string => `${terminal.noteStyle.yellow('!')} ${visible(text)}`;
  if (!status.running && !status.nodes.some(({ pid }) => pid !== null))
    terminal.note(remark(`${balancer.name} does not run: lbctl up starts it`));
  if (loaded.undiscovered) terminal.note(remark(loaded.undiscovered.message));
  for (const text of loaded.remarks ?? []) terminal.note(remark(text));
  const nodes = await provider.nodes(place, env);
  const pooled = await listPool(balancer, nodes);
  const upstreams = pooled
    .filter(({ name }) => only === undefined || name === only)
    .map(({ name, servers }) => {
      const probed = status.upstreams.find((upstream) => upstream.name === name)?.servers ?? [];
      const discovers = balancer.upstreams[name]?.discover !== undefined;
      return {
        name,
        discovers,
        servers: servers.map(({ address, configured, effective, ...rest }) => {
          const asked = probed.find((server) => server.address === address);
          const found = loaded.found?.[name]?.find((server) => server.address === address);
          return {
            address,
            configured,
            effective,
            found: found ? { name: found.name, source: found.source } : null,
            state: asked?.state ?? 'not probed',
            detail: asked?.detail ?? missing(discovers),
            milliseconds: asked?.milliseconds ?? null,
            ...rest,
          };
        }),
      };
    });
  if (terminal.json) terminal.printJson({ name: balancer.name, provider: provider.name, upstreams });
  else terminal.print(renderPool(upstreams, terminal.style, terminal.columns));
  return 0;
}
