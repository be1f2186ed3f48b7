import { annotatedYaml, defaultPlaces } from '../lib/balancer/annotate.ts';
import { resolved } from '../lib/balancer/resolved.ts';
import type { Balancer } from '../lib/balancer/schema/balancer.ts';
import { UserError } from '../lib/errors.ts';
import { loadBalancer } from '../lib/source/load.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, balancer, defaults}`; `defaults` lists the places that lb.yaml does not set. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal } = invocation;
  const loaded = await loadBalancer(invocation);
  const { source } = loaded;
  const balancer = await withRegions(loaded.balancer);
  if (terminal.json) {
    terminal.printJson({ balancer: resolved(balancer), defaults: defaultPlaces(balancer, source.data) });
    return 0;
  }
  const text = annotatedYaml(balancer, source.data);
  terminal.printDocument(
    text.replace(/ # (default|from the route)$/gmu, (remark) => terminal.style.dim(remark)),
  );
  return 0;
}

/** On Lightsail and EC2, where the balancer runs is told by the environment or the profile unless lb.yaml says so. */
async function withRegions(balancer: Balancer): Promise<Balancer> {
  const isOnAws = balancer.provider === 'lightsail' || balancer.provider === 'ec2';
  if (!isOnAws || balancer.regions !== undefined) return balancer;
  const { regionsOf } = await import('../lib/providers/regions.ts');
  try {
    const { name, provider, ...rest } = balancer;
    return { name, provider, regions: [...(await regionsOf(balancer))], ...rest };
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-region') return balancer;
    throw error;
  }
}
