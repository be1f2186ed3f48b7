import { newLists } from '../lib/aws/lightsail/lists.ts';
import { UserError } from '../lib/errors.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { renderDrift } from '../lib/ui/drift.ts';
import { renderStatus } from '../lib/ui/status.ts';
import { openRemarks } from './lockdown/closing.ts';
import type { Invocation, Outcome } from './command.ts';
import { withServersAsFar } from './found.ts';

/** `--json`: `{schemaVersion, name, provider, …}` with the keys of `Status`, and `drift` where it is asked for. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, env } = invocation;
  const lists = newLists();
  const loaded = await withServersAsFar(await loadBalancer(invocation), lists);
  const provider = await providerOf(loaded.balancer);
  const asked = invocation.options['drift'] === true;
  if (asked && !provider.drift)
    throw new UserError(
      'usage',
      'no-drift',
      `provider ${provider.name} makes no stack that could be changed by hand`,
      {
        hint: 'leave --drift out',
      },
    );
  const place = provider.locate(loaded, lists);
  invocation.atEnd(() => provider.close(place));
  const told = await provider.status(place, loaded, env);
  const status = {
    ...told,
    remarks: [...(loaded.remarks ?? []), ...told.remarks, ...(await openRemarks(loaded.balancer, lists))],
  };
  const { name } = loaded.balancer;
  const drift = asked ? await provider.drift!(place) : undefined;
  if (terminal.json)
    terminal.printJson({ name, provider: provider.name, ...status, ...(drift && { drift }) });
  else {
    terminal.print(renderStatus(name, provider.name, status, terminal.style));
    if (drift && drift.length > 0) terminal.print(`\n${renderDrift(drift, terminal.style)}`);
  }
  return 0;
}
