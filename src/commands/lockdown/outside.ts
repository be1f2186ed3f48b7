import { UserError } from '../../lib/errors.ts';
import type { LockdownStep } from '../../lib/lockdown/steps.ts';
import { serversOn } from '../../lib/pool/serving.ts';
import { providerOf } from '../../lib/providers/registry.ts';
import { survey } from '../../lib/release/rollout/survey.ts';
import type { Loaded } from '../../lib/source/load.ts';
import type { Invocation } from '../command.ts';

/**
 * Makes sure that what the nodes serve now reaches none of the instances by the public address that is to be closed.
 * @returns remarks where they cannot be asked.
 * @throws UserError `failed` where one is.
 */
export async function reachedOutside(
  invocation: Invocation,
  loaded: Loaded,
  steps: readonly LockdownStep[],
): Promise<string[]> {
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  try {
    const surveyed = await survey(await provider.nodes(place, invocation.env));
    const servers = await serversOn(surveyed);
    const cut = servers.filter(({ address }) =>
      steps.some(({ publicAddress }) => publicAddress !== null && address.startsWith(`${publicAddress}:`)),
    );
    const [first] = cut;
    if (first)
      throw new UserError(
        'failed',
        'reached-from-outside',
        `what serves now reaches ${cut.map(({ address, upstream }) => `${address} of ${upstream}`).join(', ')} from outside`,
        {
          hint: 'bring up what lb.yaml says first: lbctl deploy',
        },
      );
    return surveyed.flatMap(({ node, trouble }) => (trouble ? [unasked(node.transport.name, trouble)] : []));
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'reached-from-outside') throw error;
    return [unasked('the nodes', error)];
  }
}

function unasked(who: string, { message }: UserError): string {
  return `${who} cannot be asked whether servers are reached by public addresses now: ${message}`;
}
