import { Aborted } from '../lib/errors.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { author } from '../lib/release/author.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { stoppable, untilBegun } from '../lib/ui/interruption.ts';
import { changeDocument, renderPlan } from '../lib/ui/plan.ts';
import { withProgress } from '../lib/ui/progress.ts';
import { closedRemark } from './lockdown/closing.ts';
import type { Invocation, Outcome } from './command.ts';
import { dnsLeaving } from './dns/following.ts';
import { untilForgotten } from './dns/forgotten.ts';
import { inFormerRegion } from './down/former-region.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, env } = invocation;
  const all = await loadBalancer(invocation);
  const loaded = await inFormerRegion(invocation, all);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  const claim = { who: author(env), why: 'down' };
  const planned = async () => provider.planRemoval(place, await provider.observe(place));
  const remove = async (begin: () => void) => {
    const own = await planned();
    const leaving = await dnsLeaving(invocation, loaded);
    const plan = { ...own, steps: [...leaving.steps, ...own.steps] };
    if (plan.steps.length === 0) {
      const where = loaded === all ? '' : ` in ${loaded.balancer.regions!.join(', ')}`;
      terminal.note(`${plan.balancer} (${plan.provider}): nothing is there${where}`);
      return { plan, left: 0 };
    }
    terminal.note(renderPlan(plan, terminal.noteStyle));
    // what there is in other Regions is as it should be
    const notes = loaded === all ? (plan.notes ?? []) : [];
    for (const line of notes) terminal.note(`${terminal.noteStyle.yellow('!')} ${line}`);
    return withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm('Remove all of this?'))) throw new Aborted('nothing was changed');
      begin();
      return stoppable(io, async (signal) => {
        const seconds = leaving.steps.length > 0 ? await leaving.take(io) : 0;
        if (own.steps.length > 0) await untilForgotten(seconds, io, signal);
        await provider.remove(own.steps, place, io, signal);
        return { plan, left: signal.aborted ? (await planned()).steps.length : 0 };
      });
    });
  };
  const { plan, left } = await untilBegun(({ signal, ...before }) =>
    provider.exclusively(place, { ...claim, signal }, () => before.look(() => remove(before.begin))),
  );
  const closed = closedRemark(loaded.balancer);
  if (closed !== undefined) terminal.note(`${terminal.noteStyle.yellow('!')} ${closed}`);
  if (terminal.json) terminal.printJson(changeDocument(plan));
  if (left > 0) {
    const again = loaded === all ? 'lbctl down' : `lbctl down --region ${loaded.balancer.regions!.join(',')}`;
    throw new Aborted(`stopped; ${left === 1 ? '1 step is' : `${left} steps are`} left: ${again} goes on`);
  }
  return 0;
}
