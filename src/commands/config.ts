import { annotatedYaml, defaultPlaces } from '../lib/balancer/annotate.ts';
import { resolved } from '../lib/balancer/resolved.ts';
import { loadBalancer } from '../lib/source/load.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, balancer, defaults}`; `defaults` lists the places that lb.yaml does not set. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal } = invocation;
  const { balancer, source } = await loadBalancer(invocation);
  if (terminal.json) {
    terminal.printJson({ balancer: resolved(balancer), defaults: defaultPlaces(balancer, source.data) });
    return 0;
  }
  const text = annotatedYaml(balancer, source.data);
  terminal.print(text.replace(/ # (default|from the route)$/gmu, (remark) => terminal.style.dim(remark)));
  return 0;
}
