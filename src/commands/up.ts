import { Aborted } from '../lib/errors.ts';
import { withDrained } from '../lib/pool/drained.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { author } from '../lib/release/author.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { changeDocument, renderPlan } from '../lib/ui/plan.ts';
import { withProgress } from '../lib/ui/progress.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary}`; the steps are those that were taken. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  const claim = { who: author(env), why: 'up' };
  const plan = await provider.exclusively(place, claim, async () => {
    const marked = withDrained(loaded, await provider.drained(place));
    const desired = await provider.desire(place, marked, env);
    const observed = await provider.observe(place);
    const plan = provider.plan(desired, observed);
    terminal.note(renderPlan(plan, terminal.noteStyle));
    if (plan.steps.length === 0) return plan;
    // what is only created serves nobody yet
    const movesTraffic = plan.steps.some(({ action }) => action !== 'create');
    return withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      const go = !movesTraffic || (await io.confirm('Do this to the running balancer?'));
      if (!go) throw new Aborted('nothing was changed');
      for (const step of plan.steps) await provider.execute(step, desired, observed, io);
      return plan;
    });
  });
  if (terminal.json) terminal.printJson(changeDocument(plan));
  return 0;
}
