import { listPool } from '../../lib/pool/list.ts';
import { upstreamNamed } from '../../lib/pool/names.ts';
import { providerOf } from '../../lib/providers/registry.ts';
import { loadBalancer } from '../../lib/source/load.ts';
import { renderPool } from '../../lib/ui/pool.ts';
import type { Invocation, Outcome } from '../command.ts';

/**
 * `--json`: `{schemaVersion, name, provider, upstreams: [{name, servers: [{address, configured, effective, state,
 * detail, milliseconds, connections, nodes: [{node, effective, connections}], failures, lastFailure}]}]}`.
 */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, args, env } = invocation;
  const loaded = await loadBalancer(invocation);
  const { balancer } = loaded;
  const only = args[0] === undefined ? undefined : upstreamNamed(balancer, args[0]);
  const provider = await providerOf(balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  const status = await provider.status(place, loaded, env);
  const pooled = await listPool(balancer, await provider.nodes(place, env));
  const upstreams = pooled
    .filter(({ name }) => only === undefined || name === only)
    .map(({ name, servers }) => {
      const probed = status.upstreams.find((upstream) => upstream.name === name)?.servers ?? [];
      return {
        name,
        servers: servers.map(({ address, configured, effective, ...rest }) => {
          const found = probed.find((server) => server.address === address);
          return {
            address,
            configured,
            effective,
            state: found?.state ?? 'not probed',
            // other machines have ways to it that this one need not have
            detail: found?.detail ?? (configured === null ? 'not in lb.yaml' : 'not from here'),
            milliseconds: found?.milliseconds ?? null,
            ...rest,
          };
        }),
      };
    });
  if (terminal.json) terminal.printJson({ name: balancer.name, provider: provider.name, upstreams });
  else terminal.print(renderPool(upstreams, terminal.style));
  return 0;
}
