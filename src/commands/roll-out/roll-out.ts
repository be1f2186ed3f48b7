import { newLists } from '../../lib/aws/lightsail/lists.ts';
import { providerOf } from '../../lib/providers/registry.ts';
import { because } from '../../lib/release/activate.ts';
import { author } from '../../lib/release/author.ts';
import { readPolicy } from '../../lib/release/rollout/policy.ts';
import { readWaits } from '../../lib/release/settings.ts';
import { loadBalancer } from '../../lib/source/load.ts';
import { untilBegun } from '../../lib/ui/interruption.ts';
import { visible } from '../../lib/ui/visible.ts';
import type { Invocation, Outcome } from '../command.ts';
import { withServers } from '../found.ts';
import { carryOut } from './carry-out.ts';
import { tellEnd } from './ending.ts';
import { messageIn } from './message.ts';
import type { Work } from './work.ts';

/**
 * What commands that change what nodes serve have in common. `--json`: `{schemaVersion, name, provider, changed, steps,
 * summary, release, nodes: [{node, outcome, before, after, evidence}]}`; `release` is null where nodes go to different
 * ones.
 */
export async function rollOutFrom(invocation: Invocation, work: Work): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const { wait } = readWaits(options);
  const { pause } = readPolicy(options);
  const loaded = work.loaded ?? (await loadBalancer(invocation));
  const provider = await providerOf(loaded.balancer);
  const { lists = newLists() } = work;
  const place = provider.locate(loaded, lists);
  invocation.atEnd(() => provider.close(place));

  const claim = {
    who: author(env),
    why: because(work.action, messageIn(options)),
    wait,
    notify: (text: string) => terminal.note(`${terminal.noteStyle.dim('·')} ${visible(text)}`),
  };
  const ended = await untilBegun(({ signal, ...before }) =>
    provider.exclusively(place, { ...claim, signal }, () =>
      before.look(async () => {
        const whole = work.brings ? await withServers(loaded, lists) : loaded;
        const world = { provider, place, loaded: whole, lists };
        return carryOut(invocation, work, world, { pause, begin: before.begin });
      }),
    ),
  );
  return tellEnd(terminal, ended);
}
