import { UserError } from '../../lib/errors.ts';
import { drainedOn, serverOf, wordOf } from '../../lib/pool/drained.ts';
import { serversNamed } from '../../lib/pool/names.ts';
import { asServed, redrained, servingOn } from '../../lib/pool/redrain.ts';
import { loadBalancer } from '../../lib/source/load.ts';
import type { Invocation, Outcome } from '../command.ts';
import { rollOutFrom } from '../roll-out/roll-out.ts';

/** `--json`: see `rollOutFrom`; and `undrained: [{upstream, address}]`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { args, options } = invocation;
  const within = typeof options['upstream'] === 'string' ? options['upstream'] : undefined;
  const loaded = await loadBalancer(invocation);
  return rollOutFrom(invocation, {
    action: 'undrain',
    loaded,
    async choose(_, surveyed) {
      const serving = await servingOn(surveyed);
      const drained = drainedOn(surveyed);
      const words = namedIn(drained, args[0]!, within);
      if (words.length === 0) {
        // one that is unknown is told first
        const [{ address } = { address: args[0]! }] = serversNamed(
          asServed(loaded.balancer, serving),
          args[0]!,
          within,
        );
        throw new UserError('usage', 'not-drained', `${address} is not drained`, {
          hint:
            drained.length === 0
              ? 'no server is drained: lbctl pool list shows how each does'
              : `these are: ${drained.join(', ')}`,
        });
      }
      const { address } = serverOf(words[0]!);
      const names = words.map((word) => serverOf(word).upstream).join(' and ');
      const limited = `${address}${within === undefined ? '' : ` --upstream ${within}`}`;
      return {
        releases: redrained(serving, (before) => before.filter((word) => !words.includes(word))),
        question: `Give ${address} connections from ${names} again?`,
        message: `${address} of ${names}`,
        again: `lbctl pool undrain ${limited}`,
        back: `lbctl pool drain ${limited}`,
        finish: async (_, document) => ({ ...document, undrained: words.map(serverOf) }),
      };
    },
  });
}

/** Words of the drained servers that a name means; none where it means none of them. */
function namedIn(drained: readonly string[], name: string, upstream: string | undefined): string[] {
  const upstreams: Record<string, { servers: { address: string }[] }> = {};
  for (const { upstream, address } of drained.map(serverOf))
    (upstreams[upstream] ??= { servers: [] }).servers.push({ address });
  if (upstream !== undefined && !Object.hasOwn(upstreams, upstream)) return [];
  try {
    return serversNamed({ upstreams }, name, upstream).map(wordOf);
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-such-server') return [];
    throw error;
  }
}
