import { newLists } from '../lib/aws/lightsail/lists.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { renderStatus } from '../lib/ui/status.ts';
import { openRemarks } from './closing.ts';
import type { Invocation, Outcome } from './command.ts';
import { withServersAsFar } from './found.ts';

/** `--json`: `{schemaVersion, name, provider, …}` with the keys of `Status`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, env } = invocation;
  const lists = newLists();
  const loaded = await withServersAsFar(await loadBalancer(invocation), lists);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded, lists);
  invocation.atEnd(() => provider.close(place));
  const told = await provider.status(place, loaded, env);
  const status = {
    ...told,
    remarks: [...(loaded.remarks ?? []), ...told.remarks, ...(await openRemarks(loaded.balancer, lists))],
  };
  const { name } = loaded.balancer;
  if (terminal.json) terminal.printJson({ name, provider: provider.name, ...status });
  else terminal.print(renderStatus(name, provider.name, status, terminal.style));
  return 0;
}
