import { Aborted, UserError } from '../lib/errors.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { changeDocument, renderPlan, stepDocument } from '../lib/ui/plan.ts';
import { withProgress } from '../lib/ui/progress.ts';
import type { Invocation, Outcome } from './command.ts';

/** `--json`: `{schemaVersion, name, provider, changed, steps, summary, afterwards}`; `afterwards` are the steps of `lbctl up`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, args } = invocation;
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  if (!provider.adopt)
    throw new UserError('usage', 'nothing-to-adopt', `provider ${provider.name} makes no machines`, {
      hint: 'machines that are there are named in lb.yaml: provider: ssh, nodes: [HOST]',
    });
  const { plan, afterwards, take } = await provider.adopt(place, args[0]!);
  const style = terminal.noteStyle;
  if (plan.steps.length === 0) terminal.note(`${args[0]} belongs to ${plan.balancer} already`);
  else terminal.note(renderPlan(plan, style));
  if (afterwards.steps.length > 0)
    terminal.note(`\nThen lbctl up would change:\n\n${renderPlan(afterwards, style)}\n`);
  if (plan.steps.length > 0) {
    await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
      if (!(await io.confirm('Adopt it?'))) throw new Aborted('nothing was changed');
      await take(io);
    });
  }
  if (terminal.json)
    terminal.printJson({ ...changeDocument(plan), afterwards: afterwards.steps.map(stepDocument) });
  return 0;
}
